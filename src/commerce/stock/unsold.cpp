#include "commerce/stock/unsold.hpp"
#include "commerce/stock/modules.hpp"

namespace commerce::stock {

void undo_sale(ports::Call& call, const std::vector<Moved>& unsold) {
  if (unsold.empty()) return;
  std::vector<std::string> line_items, variants;
  std::vector<std::int64_t> quantities;
  for (const auto& part : unsold) {
    line_items.push_back(part.line_item_id);
    variants.push_back(part.variant_id);
    quantities.push_back(part.quantity);
  }
  if (enabled(call, Module::inventory)) return release(call, line_items);
  // Locked in the order of their ids, as sales lock them.
  static const db::Statement statement(
      "WITH unsold AS (SELECT w.id, sum(w.quantity)::int AS quantity FROM unnest($1::text[], $2::int[]) AS w(id, quantity) "
      "GROUP BY w.id), "
      "locked AS MATERIALIZED (SELECT v.id, v.inventory_quantity FROM product_variant v WHERE v.id = ANY($1::text[]) "
      "AND v.deleted_at IS NULL AND v.manage_inventory ORDER BY v.id FOR NO KEY UPDATE) "
      "UPDATE product_variant v SET inventory_quantity = l.inventory_quantity + u.quantity, updated_at = now() "
      "FROM locked l JOIN unsold u ON u.id = l.id WHERE v.id = l.id RETURNING v.id, v.product_id");
  const auto changed = call.db().run(statement, db::Params::of(variants, quantities));
  for (int row = 0; row < changed.rows(); row++)
    call.emit("product-variant.updated", base::JsonObject{{"id", changed.text(row, 0)},
                                                          {"product_id", changed.text(row, 1)},
                                                          {"fields", base::JsonArray{"inventory_quantity"}}});
}

} // namespace commerce::stock
