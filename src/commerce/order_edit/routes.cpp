#include "commerce/order_edit/routes.hpp"
#include "base/error.hpp"
#include "commerce/order/edit_status.hpp"
#include "commerce/order_edit/states.hpp"
#include "commerce/order_edit/tables.hpp"
#include "commerce/order_edit/view.hpp"
#include "commerce/storefront.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"

namespace commerce::order_edit {
namespace {

using http::Change;

// Medusa 1.20: OrderEditService.delete, deleteClonedItems
void delete_items(Change& change) {
  check(act::remove, order::edit_status(query::RowOf<table::OrderEdit>(*change.before)));
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

void prepare_row(http::Context&, const query::Wanted&, query::Read& read) { prepare(read); }

void prepare_public(http::Context&, const query::Wanted&, query::Read& read) {
  prepare(read);
  show_only_public(*read.entity, read.selection);
}

void decorate_rows(http::Context& context, const query::Wanted& wanted, const query::Tree& tree) {
  decorate(context.call, wanted, tree);
}

http::Routes together(http::Routes routes, const http::Routes& more) {
  routes.insert(routes.end(), more.begin(), more.end());
  return routes;
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
                        .prepare = prepare_row,
                        .prepare_one = prepare_row,
                        .decorate = decorate_rows};
}

} // namespace

http::Routes admin_routes() {
  auto edits_of_admins = edits("/admin/order-edits", http::Auth::admin, admin_grammar());
  edits_of_admins.list()
      .retrieve()
      .update(
          {.body = {{{"internal_note", http::Is::string, http::Presence::optional}}}, .event = "order-edit.updated"})
      .remove({.object = "order_edit", .missing = http::Missing::overlooked, .hook = delete_items});
  return together(edits_of_admins.routes(), admin_operations());
}

http::Routes store_routes() {
  auto public_ones = edits("/store/order-edits", http::Auth::none, store_grammar());
  public_ones.prepare_one = prepare_public;
  return together(public_ones.retrieve().routes(), store_operations());
}

} // namespace commerce::order_edit
