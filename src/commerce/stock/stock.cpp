#include "commerce/stock/stock.hpp"
#include <algorithm>
#include <map>

namespace commerce::stock {
namespace {

// Adds up the wishes by variant, in the order of the ids.
db::Params params_of(const std::vector<Wish>& wishes, Backorder backorder) {
  std::map<std::string, std::int64_t> sums;
  for (const auto& wish : wishes) sums[wish.variant_id] += wish.quantity;
  std::vector<std::string> ids;
  std::vector<std::int64_t> quantities;
  for (const auto& [id, quantity] : sums) {
    ids.push_back(id);
    quantities.push_back(quantity);
  }
  return db::Params::of(ids, quantities, backorder == Backorder::allowed);
}

} // namespace

db::Command take(const std::vector<Wish>& wishes, Backorder backorder) {
  // NO KEY UPDATE: carts that only refer to the variant meanwhile need not wait.
  static const db::Statement statement(
      "WITH wanted AS (SELECT * FROM unnest($1::text[], $2::int[]) AS w(id, quantity)), "
      "locked AS MATERIALIZED (SELECT v.id, v.inventory_quantity, v.manage_inventory, v.allow_backorder "
      "FROM product_variant v WHERE v.id = ANY($1::text[]) AND v.deleted_at IS NULL ORDER BY v.id FOR NO KEY UPDATE), "
      "short AS (SELECT 1 FROM wanted w LEFT JOIN locked l ON l.id = w.id WHERE l.id IS NULL OR "
      "(l.manage_inventory AND NOT l.allow_backorder AND NOT $3 AND l.inventory_quantity < w.quantity)), "
      "taken AS (UPDATE product_variant v SET inventory_quantity = l.inventory_quantity - w.quantity, updated_at = now() "
      "FROM locked l JOIN wanted w ON w.id = l.id WHERE v.id = l.id AND l.manage_inventory AND NOT EXISTS "
      "(SELECT 1 FROM short) RETURNING v.id) "
      "SELECT l.id, l.inventory_quantity, l.manage_inventory AND NOT l.allow_backorder AND NOT $3 FROM locked l");
  return {statement, params_of(wishes, backorder)};
}

db::Command look(const std::vector<Wish>& wishes, Backorder backorder) {
  static const db::Statement statement(
      "SELECT v.id, v.inventory_quantity, v.manage_inventory AND NOT v.allow_backorder AND NOT $3 FROM product_variant v "
      "JOIN unnest($1::text[], $2::int[]) AS w(id, quantity) ON w.id = v.id WHERE v.deleted_at IS NULL");
  return {statement, params_of(wishes, backorder)};
}

std::vector<Level> levels_of(const db::Result& result) {
  std::vector<Level> levels;
  for (int row = 0; row < result.rows(); row++)
    levels.push_back({std::string(result.text(row, 0)), result.integer(row, 1), result.boolean(row, 2)});
  return levels;
}

std::vector<base::Error> refusals(const std::vector<Wish>& wishes, const std::vector<Level>& levels) {
  std::vector<base::Error> found;
  std::map<std::string, std::int64_t> sums;
  for (const auto& wish : wishes) {
    const auto level =
        std::find_if(levels.begin(), levels.end(), [&](const Level& l) { return l.variant_id == wish.variant_id; });
    const auto sum = sums[wish.variant_id] += wish.quantity;
    if (level == levels.end())
      found.push_back(not_sold(wish));
    else if (level->limited && level->available < sum)
      found.push_back(short_of(wish));
  }
  return found;
}

} // namespace commerce::stock
