#include "commerce/order_edit/routes.hpp"
#include "base/error.hpp"
#include "commerce/order_edit/view.hpp"
#include "commerce/storefront.hpp"
#include "http/resource.hpp"

namespace commerce::order_edit {
namespace {

using http::Change;

// Medusa 1.20: OrderEditService.delete, deleteClonedItems
void delete_items(Change& change) {
  if (const auto status = status_of(*change.before); status != "created")
    throw base::Error::not_allowed("Cannot delete order edit with status " + std::string(status));
  static const db::Statement changes("DELETE FROM order_item_change WHERE order_edit_id = $1 RETURNING id"),
      tax_lines("DELETE FROM line_item_tax_line WHERE item_id IN (SELECT id FROM line_item WHERE order_edit_id = $1)"),
      adjustments(
          "DELETE FROM line_item_adjustment WHERE item_id IN (SELECT id FROM line_item WHERE order_edit_id = $1)"),
      items("DELETE FROM line_item WHERE order_edit_id = $1");
  const auto gone = change.call.db().run(changes, db::Params::of(change.id));
  base::JsonArray ids;
  for (int row = 0; row < gone.rows(); row++) ids.emplace_back(gone.text(row, 0));
  if (!ids.empty()) change.call.emit("order-edit-item-change.DELETED", base::JsonObject{{"ids", std::move(ids)}});
  for (const auto* statement : {&tax_lines, &adjustments, &items})
    change.ahead.push_back({*statement, db::Params::of(change.id)});
}

void prepare_public(http::Context& context, const query::Wanted& wanted, query::Read& read) {
  prepare(context, wanted, read);
  show_only_public(*read.entity, read.selection);
}

http::Resource edits(std::string_view path, http::Auth auth, query::Grammar grammar) {
  return http::Resource{.path = path,
                        .entity = "OrderEdit",
                        .one = "order_edit",
                        .many = "order_edits",
                        .not_found = "Order edit with id {id} was not found",
                        .read = std::move(grammar),
                        .filters = {{"order_id"}},
                        .search = "t.internal_note ILIKE $?",
                        .limit = 20,
                        .paged = http::Paged::limit_first,
                        .auth = auth,
                        .prepare = prepare,
                        .prepare_one = prepare,
                        .decorate = decorate};
}

} // namespace

http::Routes admin_routes() {
  return edits("/admin/order-edits", http::Auth::admin, admin_grammar())
      .list()
      .retrieve()
      .update(
          {.body = {{{"internal_note", http::Is::string, http::Presence::optional}}}, .event = "order-edit.updated"})
      .remove({.object = "order_edit", .missing = http::Missing::overlooked, .hook = delete_items})
      .routes();
}

http::Routes store_routes() {
  auto public_ones = edits("/store/order-edits", http::Auth::none, store_grammar());
  public_ones.prepare_one = prepare_public;
  return public_ones.retrieve().routes();
}

} // namespace commerce::order_edit
