#include "commerce/order_edit/locked.hpp"
#include "base/error.hpp"
#include "commerce/order/edit_status.hpp"
#include "commerce/order_edit/states.hpp"
#include "commerce/order_edit/tables.hpp"
#include "db/batch.hpp"
#include "query/row_of.hpp"

namespace commerce::order_edit {
namespace {

query::Selection selection_of(const Needs& needs) {
  query::Selection selection;
  if (needs.items || needs.lines || needs.variants) {
    auto& items = selection.with("items");
    selection.child("items")->order_by = kOldestFirst;
    if (needs.lines)
      for (const char* relation : {"tax_lines", "adjustments"}) items.with(relation);
    if (needs.variants) {
      items.with("variant");
      // What was bought and is sold no more keeps its discount.
      items.child("variant")->deleted = query::Deleted::included;
    }
  }
  if (needs.order) {
    auto order = order_selection();
    if (needs.order_items_alone) order.with("items").children.clear();
    selection.children.push_back({.relation = "order", .selection = std::move(order)});
  }
  if (needs.discounts) {
    auto order = query::select({"id"}, {"discounts.rule"});
    order.child("discounts")->deleted = query::Deleted::included;
    selection.children.push_back({.relation = "order", .selection = std::move(order)});
  }
  if (needs.changes || needs.originals) {
    auto& changes = selection.with("changes");
    selection.child("changes")->order_by = kOldestFirst;
    if (needs.originals) changes.children.push_back({.relation = "original_line_item", .selection = item_selection()});
  }
  if (needs.collection || needs.payments) {
    auto& collection = selection.with("payment_collection");
    if (needs.payments) collection.with("payments");
  }
  return selection;
}

} // namespace

Locked lock(ports::Call& call, std::string_view edit_id, const Needs& needs, std::optional<db::Command> besides) {
  static const db::Statement order(
      "SELECT 1 FROM \"order\" WHERE id = (SELECT order_id FROM order_edit WHERE id = $1) FOR UPDATE");
  db::Batch before;
  before.add({order, db::Params::of(edit_id)});
  Locked locked;
  if (besides) locked.other = before.add(std::move(*besides));
  locked.tree = query::read_one(
      call.db(), call.flags,
      {.entity = &schema::get("OrderEdit"), .selection = selection_of(needs), .for_update = true}, edit_id, before);
  if (!locked.tree.first())
    throw base::Error::not_found("Order edit with id " + std::string(edit_id) + " was not found");
  return locked;
}

Changed in_hand(Locked locked) {
  const auto order = locked.order();
  return {.edit_id = locked.edit().str("id"), .tree = std::move(locked.tree), .order = order};
}

bool is_active(const query::RowOf<table::OrderEdit>& edit) {
  return act::add_item.may_be_done(order::edit_status(edit));
}

} // namespace commerce::order_edit
