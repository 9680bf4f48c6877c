#include "commerce/order/view.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/catalogue/tables.hpp"
#include "commerce/claim/tables.hpp"
#include "commerce/eager.hpp"
#include "commerce/order/edit_status.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/order_edit/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/storefront.hpp"
#include "commerce/swap/tables.hpp"
#include "commerce/totals/from_rows.hpp"
#include "query/known.hpp"
#include "query/row_of.hpp"
#include "query/sparse.hpp"
#include <algorithm>

namespace commerce::order {

using base::Json;
using query::RowOf;
using query::Selection;
using totals::Returnable;

namespace {

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Medusa 1.20: OrderService.getTotalsRelations
const Names kTotalsRelations{"items",
                             "items.tax_lines",
                             "items.adjustments",
                             "items.variant",
                             "swaps",
                             "swaps.additional_items",
                             "swaps.additional_items.tax_lines",
                             "swaps.additional_items.adjustments",
                             "claims",
                             "claims.additional_items",
                             "claims.additional_items.tax_lines",
                             "claims.additional_items.adjustments",
                             "discounts",
                             "discounts.rule",
                             "gift_cards",
                             "gift_card_transactions",
                             "refunds",
                             "shipping_methods",
                             "shipping_methods.tax_lines",
                             "region",
                             "payments"};
// Medusa 1.20: OrderService.transformQueryForTotals, what it adds to those.
const Names kNamedTotalsRelations{"items.variant.product.profiles", "gift_card_transactions.gift_card"};
const Names kTotals{"subtotal",
                    "tax_total",
                    "shipping_total",
                    "discount_total",
                    "gift_card_total",
                    "total",
                    "paid_total",
                    "refunded_total",
                    "refundable_amount",
                    "items.refundable",
                    "swaps.additional_items.refundable",
                    "claims.additional_items.refundable"};

void add_relation(Selection& selection, std::string_view path) {
  Selection* at = &selection;
  for (const auto& step : base::split(path, '.')) at = &at->with(step);
}

void include_deleted(Selection::Child& child) {
  child.deleted = query::Deleted::included;
  for (auto& below : child.selection.children) include_deleted(below);
}

// Medusa 1.20: OrderRepository.findWithRelations; what was bought stays visible after it was deleted.
void finish_selection(Selection& selection, bool named_totals) {
  for (const auto& path : kTotalsRelations) add_relation(selection, path);
  if (named_totals)
    for (const auto& path : kNamedTotalsRelations) add_relation(selection, path);
  for (const std::string_view name : {"items", "region", "discounts"})
    if (auto* child = selection.child(name)) include_deleted(*child);
  add_eager_items(selection, schema::get("Order"));
  for (const std::string_view name : {"items", "shipping_methods", "payments", "fulfillments"})
    if (auto* child = selection.child(name))
      child->order_by = name == "shipping_methods" ? "t.id ASC" : "t.created_at ASC, t.id ASC";
}

// Takes the totals out of the names of `fields`, which query::resolve knows as columns only.
Names named_totals(const Names& defaults, Json& query) {
  if (!query["fields"].is_string()) return defaults;
  Names totals, rest;
  bool replaces = false;
  const Names custom = base::split(query["fields"].as_string(), ',');
  for (const auto& name : custom)
    if (!name.empty() && name[0] != '+' && name[0] != '-' && name[0] != '*') replaces = true;
  if (custom.empty()) replaces = true;
  if (!replaces) totals = defaults;
  for (const auto& name : custom) {
    const bool sign = !name.empty() && (name[0] == '+' || name[0] == '-');
    const std::string plain = sign ? name.substr(1) : name;
    if (!contains(kTotals, plain)) {
      rest.push_back(name);
    } else if (name[0] == '-' && !replaces) {
      std::erase(totals, plain);
    } else if (!contains(totals, plain)) {
      totals.push_back(plain);
    }
  }
  if (rest.empty() && !replaces)
    query.erase("fields");
  else
    query.set("fields", base::join(rest, ","));
  return totals;
}

// Medusa 1.20: transformIncludesOptions. returnable_items in `expand` is no relation.
bool takes_returnable(Json& query) {
  if (!query["expand"].is_string()) return false;
  Names expand = base::split(query["expand"].as_string(), ',');
  if (!std::erase(expand, "returnable_items")) return false;
  if (expand.empty())
    query.erase("expand");
  else
    query.set("expand", base::join(expand, ","));
  return true;
}

void compute(const query::Row& row, std::string_view name, double value) {
  row.compute(name, base::number_text(value));
}

void show_item_totals(const RowOf<table::LineItem>& row, const totals::ItemTotals& t, Raw raw) {
  compute(row, "subtotal", t.subtotal);
  compute(row, "discount_total", t.discount_total);
  compute(row, "total", t.total);
  compute(row, "original_total", t.original_total);
  compute(row, "original_tax_total", t.original_tax_total);
  compute(row, "tax_total", t.tax_total);
  if (raw == Raw::shown) compute(row, "raw_discount_total", t.raw_discount_total);
}

} // namespace

void show_item(const RowOf<table::LineItem>& row, const totals::OrderItemTotals& item, Raw raw) {
  if (item.quantity != row.number("quantity")) compute(row, "quantity", item.quantity);
  if (item.totals) show_item_totals(row, *item.totals, raw);
  compute(row, "refundable", item.refundable);
}

namespace {

template<class Table> std::vector<RowOf<table::LineItem>> additional_items(const std::vector<RowOf<Table>>& parts) {
  std::vector<RowOf<table::LineItem>> items;
  for (const auto& part : parts)
    for (const auto& item : part.template many<table::LineItem>("additional_items")) items.push_back(item);
  return items;
}

void show_totals(const RowOf<table::Order>& row, const totals::OrderTotals& t, Raw raw, const Presentation& view) {
  std::string returnables;
  base::JsonWriter writer(returnables);
  writer.open_array();
  const auto show = [&](const std::vector<RowOf<table::LineItem>>& items,
                        const std::vector<totals::OrderItemTotals>& parts) {
    for (std::size_t i = 0; i < items.size(); i++) {
      show_item(items[i], parts[i], raw);
      if (parts[i].returnable) query::write_row(writer, items[i]);
    }
  };
  show(row.many<table::LineItem>("items"), t.items);
  show(additional_items(row.many<table::Swap>("swaps")), t.swap_items);
  show(additional_items(row.many<table::ClaimOrder>("claims")), t.claim_items);
  writer.close_array();
  const auto methods = row.many<table::ShippingMethod>("shipping_methods");
  for (std::size_t i = 0; i < methods.size(); i++) {
    compute(methods[i], "original_total", t.shipping_methods[i].original_total);
    compute(methods[i], "total", t.shipping_methods[i].total);
    compute(methods[i], "subtotal", t.shipping_methods[i].subtotal);
    compute(methods[i], "original_tax_total", t.shipping_methods[i].original_tax_total);
    compute(methods[i], "tax_total", t.shipping_methods[i].tax_total);
  }
  compute(row, "subtotal", t.subtotal);
  compute(row, "discount_total", t.discount_total);
  compute(row, "shipping_total", t.shipping_total);
  compute(row, "refunded_total", t.refunded_total);
  compute(row, "paid_total", t.paid_total);
  compute(row, "refundable_amount", t.refundable_amount);
  compute(row, "item_tax_total", t.item_tax_total);
  compute(row, "shipping_tax_total", t.shipping_tax_total);
  compute(row, "tax_total", t.tax_total);
  compute(row, "gift_card_total", t.gift_card_total);
  compute(row, "gift_card_tax_total", t.gift_card_tax_total);
  if (view.tells_raw_discount()) compute(row, "raw_discount_total", t.raw_discount_total);
  compute(row, "total", t.total);
  if (view.returnable == Returnable::yes) row.compute("returnable_items", std::move(returnables));
}

// Medusa 1.20: OrderService.decorateTotalsLegacy; in the order of the names.
void show_named_totals(const RowOf<table::Order>& row, const totals::OrderTotals& t, const Names& names, Raw raw) {
  const auto items = row.many<table::LineItem>("items");
  if (contains(names, "subtotal") || contains(names, "total"))
    for (std::size_t i = 0; i < items.size(); i++) show_item_totals(items[i], *t.items[i].totals, raw);
  const auto show_refundables = [](const std::vector<RowOf<table::LineItem>>& rows,
                                   const std::vector<totals::OrderItemTotals>& parts) {
    for (std::size_t i = 0; i < rows.size(); i++) compute(rows[i], "refundable", parts[i].refundable);
  };
  const std::pair<std::string_view, double> sums[] = {{"discount_total", t.discount_total},
                                                      {"gift_card_total", t.gift_card_total},
                                                      {"paid_total", t.paid_total},
                                                      {"refundable_amount", t.refundable_amount},
                                                      {"refunded_total", t.refunded_total},
                                                      {"shipping_total", t.shipping_total},
                                                      {"subtotal", t.subtotal},
                                                      {"tax_total", t.tax_total},
                                                      {"total", t.total}};
  for (const auto& name : names) {
    for (const auto& [sum, value] : sums)
      if (name == sum) compute(row, name, value);
    if (name == "gift_card_total") compute(row, "gift_card_tax_total", t.gift_card_tax_total);
    if (name == "items.refundable") show_refundables(items, t.items);
    if (name == "swaps.additional_items.refundable")
      show_refundables(additional_items(row.many<table::Swap>("swaps")), t.swap_items);
    if (name == "claims.additional_items.refundable")
      show_refundables(additional_items(row.many<table::ClaimOrder>("claims")), t.claim_items);
  }
}

// Medusa 1.20: Product.loadRelations, for products of line items.
void show_profiles(const RowOf<table::Order>& order) {
  for (const auto& item : order.many<table::LineItem>("items")) {
    if (!item.has("variant")) continue;
    const auto variant = item.one<table::ProductVariant>("variant");
    if (!variant || !variant->has("product")) continue;
    const auto product = variant->one<table::Product>("product");
    if (!product || !product->has("profiles")) continue;
    const auto profiles = product->many<table::ShippingProfile>("profiles");
    product->compute("profile", profiles.empty() ? "null" : query::row_json(profiles.front()));
    product->compute("profile_id", profiles.empty() ? Json(nullptr) : Json(profiles.front().id()));
  }
}

// What stands for a relation that the answer leaves out; empty: nothing.
std::string bare_json(const Presentation& view, const RowOf<table::Order>& order, const std::string& relation,
                      const totals::OrderTotals& totals) {
  if (!view.bare_refundables || !view.by_name()) return {};
  std::string json;
  base::JsonWriter w(json);
  const auto write = [&](const totals::OrderItemTotals& part) {
    w.open_object().key("refundable").number(part.refundable).close_object();
  };
  w.open_array();
  if (relation == "items") {
    for (const auto& part : totals.items) write(part);
  } else if (relation == "swaps" || relation == "claims") {
    auto part = relation == "swaps" ? totals.swap_items.begin() : totals.claim_items.begin();
    const auto write_owner = [&](const auto& owner) {
      w.open_object().key("additional_items").open_array();
      for (std::size_t i = owner.template many<table::LineItem>("additional_items").size(); i > 0; i--) write(*part++);
      w.close_array().close_object();
    };
    if (relation == "swaps")
      for (const auto& swap : order.many<table::Swap>("swaps")) write_owner(swap);
    else
      for (const auto& claim : order.many<table::ClaimOrder>("claims")) write_owner(claim);
  } else {
    return {};
  }
  w.close_array();
  return json;
}

} // namespace

Presentation resolve(const schema::Flags& flags, const Grammar& grammar, const Json& query, query::Many many) {
  Presentation view;
  Json asked = query;
  const bool fields_asked = !query["fields"].is_undefined();
  const bool returnable = takes_returnable(asked);
  if (returnable) view.returnable = Returnable::yes;
  view.totals = named_totals(grammar.totals, asked);
  auto wanted = query::resolve(schema::get("Order"), flags, grammar.read, asked, many);
  view.order = std::move(wanted.order);
  view.selection = std::move(wanted.selection);
  for (const auto& path : wanted.relations) view.shown.push_back(path.substr(0, path.find('.')));
  // Quirk: asked for returnable_items alone, the answer has no other relation.
  if (returnable && asked["expand"].is_undefined()) view.shown.clear();
  view.bare_refundables = !fields_asked && contains(grammar.totals, "items.refundable");
  // Quirk: a name within the items keeps them whole, unless they were copied for their totals.
  if (!fields_asked && contains(grammar.read.allowed_fields, "items.refundable")) view.shown.emplace_back("items");
  view.names_object = !fields_asked && contains(grammar.read.allowed_fields, "object");
  auto& fields = view.selection.fields;
  view.names_tax_rate = fields.empty() || contains(fields, "tax_rate");
  if (!view.names_tax_rate) fields.push_back("tax_rate");
  finish_selection(view.selection, view.by_name());
  return view;
}

// Totals need the items, not their variants and products, which 1.20 loads all the same.
query::Selection to_load(const Presentation& view) {
  query::Selection selection = view.selection;
  const bool shows_items = view.whole() || contains(view.shown, "items") || view.returnable == Returnable::yes;
  if (auto* items = selection.child("items"); items && !shows_items)
    std::erase_if(items->selection.children, [](const auto& child) { return child.relation == "variant"; });
  return selection;
}

void know_new(Presentation& view) {
  for (const char* relation : {"claims", "fulfillments", "refunds", "returns", "swaps"})
    query::know_empty(view.selection, relation);
}

Presentation whole(Presentation view) {
  view.preset = Preset::whole;
  return view;
}

Presentation uncleaned(Presentation view) {
  view.preset = Preset::uncleaned;
  return view;
}

Presentation completed_view() {
  Presentation view;
  view.preset = Preset::whole;
  for (const std::string_view name : {"shipping_address", "items", "payments"}) view.selection.with(name);
  finish_selection(view.selection, false);
  return view;
}

std::string to_json(const ports::Call& call, const Presentation& view, const RowOf<table::Order>& row, Level level) {
  const auto inclusive = totals::inclusive(call.flags);
  const auto worked_out = totals::order_totals(totals::order_of(row, inclusive), view.returnable, inclusive);
  show_profiles(row);
  hide_customer(call, row);
  if (row.has("edits"))
    for (const auto& edit : row.many<table::OrderEdit>("edits")) edit.compute("status", Json(edit_status(edit)));
  // Quirk: items that were not copied on the way, to get their `refundable`, keep a total that is meant to be hidden.
  const Raw raw = contains(view.totals, "items.refundable") ? Raw::hidden : Raw::shown;
  if (view.by_name()) show_named_totals(row, worked_out, view.totals, raw);
  if (!view.by_name() || level == Level::one) show_totals(row, worked_out, raw, view);
  if (!view.whole())
    for (const auto& child : view.selection.children)
      if (!contains(view.shown, child.relation) && row.node().child(child.relation))
        row.compute(child.relation, bare_json(view, row, child.relation, worked_out));
  if (!view.tells_tax_rate()) row.compute("tax_rate", std::string());
  std::string json;
  if (view.tells_object()) {
    json = query::row_json(row);
    json.insert(1, R"("object":"order",)");
    return json;
  }
  return query::row_json(row);
}

std::string retrieve(ports::Call& call, const Presentation& view, std::string_view id) {
  const query::Read read{.entity = &schema::get("Order"), .selection = to_load(view)};
  const auto tree = query::read_sparse(call.db(), call.flags, read, id);
  const auto row = tree.first<table::Order>();
  if (!row)
    throw base::Error::not_found((view.by_name() ? "Order with id: " : "Order with id ") + std::string(id) +
                                 " was not found");
  return to_json(call, view, *row, Level::one);
}

std::string retrieve_by_cart(ports::Call& call, const Presentation& view, std::string_view cart_id) {
  query::Read read{.entity = &schema::get("Order"),
                   .selection = to_load(view),
                   .where = {{"cart_id", query::Operator::equal, {std::string(cart_id)}}},
                   .limit = 1};
  const auto tree = query::read(call.db(), call.flags, read);
  const auto row = tree.first<table::Order>();
  if (!row) throw base::Error::not_found("Order with cart id " + std::string(cart_id) + " was not found");
  return to_json(call, view, *row, Level::one);
}

} // namespace commerce::order
