#include "commerce/order_edit/view.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/order/edit_status.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/order/view.hpp"
#include "commerce/order_edit/tables.hpp"
#include "commerce/storefront.hpp"
#include "commerce/totals/from_rows.hpp"
#include "query/known.hpp"
#include "query/row_of.hpp"

namespace commerce::order_edit {

using base::Json;
using query::Operator;
using query::RowOf;

namespace {

const std::vector<std::string> kRelations{"changes",
                                          "changes.line_item",
                                          "changes.line_item.variant",
                                          "changes.original_line_item",
                                          "changes.original_line_item.variant",
                                          "items",
                                          "payment_collection"};

// Shows what is worked out on an edit: its status, its items with their totals, and what the order would come to.
void show(const RowOf<table::OrderEdit>& shown, std::string_view status,
          const std::vector<RowOf<table::LineItem>>& items, const Sums& sums, const query::Wanted& wanted) {
  shown.compute("status", Json(status));
  // Items stand at their place where they were asked for, else behind all.
  std::string json;
  base::JsonWriter w(json);
  for (std::size_t i = 0; i < items.size(); i++) order::show_item(items[i], sums.edited.items[i], order::Raw::shown);
  query::write_rows(w, items);
  if (wanted.has_relation("items"))
    shown.compute("items", std::move(json));
  else
    shown.compute_behind("items", "items", std::move(json));
  const auto& edited = sums.edited;
  const std::pair<std::string_view, double> values[]{{"discount_total", edited.discount_total},
                                                     {"gift_card_total", edited.gift_card_total},
                                                     {"gift_card_tax_total", edited.gift_card_tax_total},
                                                     {"shipping_total", edited.shipping_total},
                                                     {"subtotal", edited.subtotal},
                                                     {"tax_total", edited.tax_total},
                                                     {"total", edited.total},
                                                     {"difference_due", sums.difference_due}};
  for (const auto& [name, value] : values) shown.compute(name, Json(value));
}

} // namespace

query::Grammar admin_grammar() {
  return {.fields = {"id", "order_id", "created_by", "created_at", "requested_by", "requested_at", "confirmed_by",
                     "confirmed_at", "declined_by", "declined_reason", "declined_at", "canceled_by", "canceled_at",
                     "internal_note", "payment_collection_id"},
          .relations = kRelations};
}

query::Grammar store_grammar() {
  query::Grammar grammar{.fields = {"id", "order_id", "created_at", "requested_by", "requested_at", "confirmed_at",
                                    "declined_by", "declined_reason", "declined_at", "canceled_at",
                                    "payment_collection_id"},
                         .relations = kRelations};
  grammar.allowed_fields = grammar.fields;
  for (const char* relation : {"items", "changes"}) grammar.allowed_fields.emplace_back(relation);
  return grammar;
}

query::Selection item_selection() { return query::select({}, {"tax_lines", "adjustments", "variant"}); }

query::Selection order_selection() {
  auto selection = query::select({}, {"discounts.rule", "gift_cards", "region", "items.tax_lines", "items.adjustments",
                                      "shipping_methods.tax_lines"});
  for (const std::string_view name : {"discounts", "region"}) selection.child(name)->deleted = query::Deleted::included;
  return selection;
}

Sums sums_of(const RowOf<table::Order>& order, const std::vector<RowOf<table::LineItem>>& items,
             tax::Inclusive inclusive, OrderItems order_items) {
  std::vector<totals::Item> edited;
  for (const auto& item : items) edited.push_back(totals::item_of(item, inclusive));
  auto whole = totals::order_of(order, inclusive);
  if (order_items == OrderItems::of_edit) whole.items = edited;
  return sums(std::move(whole), std::move(edited), inclusive);
}

void prepare(query::Read& read) {
  std::erase_if(read.selection.children, [](const auto& child) { return child.relation == "items"; });
  if (auto* changes = read.selection.child("changes")) changes->order_by = kOldestFirst;
}

std::string answer(ports::Call& call, Audience audience, const Changed& changed) {
  const auto& entity = schema::get("OrderEdit");
  const auto grammar = audience == Audience::admins ? admin_grammar() : store_grammar();
  const auto wanted = query::resolve(entity, call.flags, grammar, Json::object(), query::Many::no);
  query::Read read{.entity = &entity, .selection = wanted.selection};
  prepare(read);
  if (audience == Audience::storefront) show_only_public(entity, read.selection);
  // 1. The edit, with what the totals follow from.
  auto& children = read.selection.children;
  children.push_back({.relation = "items", .selection = item_selection(), .order_by = kOldestFirst});
  if (!changed.order) children.push_back({.relation = "order", .selection = order_selection()});
  for (const auto relation : changed.empty) query::know_empty(read.selection, relation);
  const auto tree = query::read_one(call.db(), call.flags, read, changed.edit_id);
  const auto edit = tree.first<table::OrderEdit>();
  if (!edit) throw base::Error::not_found("Order edit with id " + changed.edit_id + " was not found");
  // 2. The order as it is, and as it would be.
  const auto order = changed.order ? *changed.order : *edit->one<table::Order>("order");
  const auto items = edit->many<table::LineItem>("items");
  const auto inclusive = totals::inclusive(call.flags);
  show(*edit, order::edit_status(*edit), items, sums_of(order, items, inclusive, changed.order_items), wanted);
  if (edit->has("order")) edit->compute("order", std::string());
  return R"({"order_edit":)" + query::row_json(*edit) + "}";
}

void decorate(ports::Call& call, const query::Wanted& wanted, const query::Tree& tree) {
  std::vector<std::string> ids;
  for (const auto& edit : tree.rows<table::OrderEdit>()) ids.emplace_back(edit.id());
  if (ids.empty()) return;
  // 1. What the status and the totals follow from, whatever was asked for.
  const auto edits =
      query::read(call.db(), call.flags, {.entity = &schema::get("OrderEdit"), .where = {{"id", Operator::in, ids}}});
  const auto items = query::read(call.db(), call.flags,
                                 {.entity = &schema::get("LineItem"),
                                  .selection = item_selection(),
                                  .where = {{"order_edit_id", Operator::in, ids}},
                                  .order = {{"created_at"}, {"id"}}});
  std::vector<std::string> order_ids;
  base::StringMap<RowOf<table::OrderEdit>> edit_of;
  base::StringMap<RowOf<table::Order>> order_of;
  for (const auto& edit : edits.rows<table::OrderEdit>()) {
    edit_of.emplace(edit.str("id"), edit);
    order_ids.push_back(edit.str("order_id"));
  }
  const auto orders = query::read(
      call.db(), call.flags,
      {.entity = &schema::get("Order"), .selection = order_selection(), .where = {{"id", Operator::in, order_ids}}});
  for (const auto& order : orders.rows<table::Order>()) order_of.emplace(order.str("id"), order);
  base::StringMap<std::vector<RowOf<table::LineItem>>> items_of;
  for (const auto& item : items.rows<table::LineItem>()) items_of[item.str("order_edit_id")].push_back(item);

  const auto inclusive = totals::inclusive(call.flags);
  for (const auto& shown : tree.rows<table::OrderEdit>()) {
    const auto& edit = edit_of.at(shown.str("id"));
    const auto& its_items = items_of[shown.str("id")];
    // 2. The order as it is, and as it would be.
    show(shown, order::edit_status(edit), its_items,
         sums_of(order_of.at(edit.str("order_id")), its_items, inclusive, OrderItems::own), wanted);
  }
}

} // namespace commerce::order_edit
