#include "commerce/cart/state.hpp"
#include "base/error.hpp"
#include "commerce/addresses.hpp"
#include "commerce/cart/discounts.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/catalogue/tables.hpp"
#include "commerce/customer/tables.hpp"
#include "commerce/discount/tables.hpp"
#include "commerce/gift_card/tables.hpp"
#include "commerce/payment/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/totals/from_rows.hpp"
#include "db/batch.hpp"
#include "query/known.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::cart {

using base::Json;

namespace {

template<class Row> base::JsonArray values_of(const std::vector<Row>& rows) {
  base::JsonArray values;
  for (const auto& row : rows) values.push_back(query::row_value(row));
  return values;
}

const schema::Entity& entity() {
  static const schema::Entity& found = schema::get("Cart");
  return found;
}

std::vector<std::string> ids_of(const std::vector<discount::Discount>& discounts) {
  std::vector<std::string> ids;
  for (const auto& discount : discounts) ids.push_back(discount.id);
  return ids;
}

discount::AllocationType allocation_of(std::string_view name) {
  if (name == "total") return discount::AllocationType::total;
  return name == "item" ? discount::AllocationType::item : discount::AllocationType::none;
}

// The statements that bring a join table of the cart from `before` to `after`.
void write_links(std::vector<db::Command>& writes, std::string_view table, std::string_view column,
                 const std::string& cart_id, const std::vector<std::string>& before,
                 const std::vector<std::string>& after) {
  if (before == after) return;
  if (!before.empty()) writes.push_back(query::unlink(table, "cart_id", cart_id));
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& id : after) pairs.emplace_back(cart_id, id);
  if (!pairs.empty()) writes.push_back(query::link(table, "cart_id", column, pairs));
}

bool has_ended(const query::RowOf<table::Cart>& cart) {
  const auto discounts = cart.many<table::Discount>("discounts");
  const auto now = base::now();
  return std::any_of(discounts.begin(), discounts.end(),
                     [&](const auto& row) { return discount::ended(discount_of(row), now).has_value(); });
}

} // namespace

discount::Discount discount_of(const query::RowOf<table::Discount>& row) {
  discount::Discount discount;
  discount.id = row.str("id");
  discount.code = row.str("code");
  discount.rule.id = row.str("rule_id");
  discount.is_disabled = row.boolean("is_disabled");
  discount.is_deleted = !row.is_null("deleted_at");
  discount.starts_at = row.instant("starts_at").value_or(base::Instant{});
  discount.ends_at = row.instant("ends_at");
  discount.usage_count = row.integer("usage_count");
  discount.usage_limit = row.optional_integer("usage_limit");
  if (!row.has("rule")) return discount;
  discount.rule.type = totals::discount_of(row).type;
  if (const auto rule = row.one<table::DiscountRule>("rule")) {
    discount.rule.value = rule->number("value");
    discount.rule.allocation = allocation_of(rule->text("allocation"));
  }
  return discount;
}

query::Selection selection_of(const Needs& needs) {
  query::Selection cart;
  if (needs.items || needs.discounts) {
    auto& items = cart.with("items");
    cart.child("items")->order_by = "t.created_at ASC, t.id ASC";
    items.with("adjustments");
    auto& variant = items.with("variant");
    variant.fields = {"id", "product_id"};
    auto& product = variant.with("product");
    product.fields = {"id"};
    product.with("profiles").fields = {"id"};
  }
  if (needs.methods) {
    auto& methods = cart.with("shipping_methods");
    methods.with("shipping_option");
    methods.with("tax_lines").fields = {"id"};
  }
  // Whether one has ended is looked at whatever changes.
  auto& discounts = cart.with("discounts");
  cart.child("discounts")->deleted = query::Deleted::included;
  if (needs.discounts) discounts.with("rule");
  if (needs.gift_cards) cart.with("gift_cards").fields = {"id"};
  if (needs.region) {
    auto& region = cart.with("region");
    region.with("countries");
    region.with("payment_providers");
  }
  if (needs.customer) cart.with("customer");
  if (needs.sessions) cart.with("payment_sessions");
  if (needs.addresses) {
    cart.with("shipping_address");
    cart.with("billing_address");
  }
  if (needs.fresh)
    for (const char* relation :
         {"items.adjustments", "shipping_methods", "discounts", "gift_cards", "payment_sessions"})
      query::know_empty(cart, relation);
  return cart;
}

State State::load(ports::Call& call, std::string_view id, const query::Read& read, db::Batch before) {
  auto tree = query::read_one(call.db(), call.flags, read, id, before);
  if (!tree.root->size()) throw base::Error::not_found("Cart with " + std::string(id) + " was not found");
  return {call, std::move(tree)};
}

State State::lock(ports::Call& call, std::string_view id, const Needs& needs, db::Batch before) {
  db::Batch::Slot elsewhere;
  if (needs.addresses) elsewhere = before.add(commerce::addresses_held_elsewhere(id));
  State state =
      load(call, id, {.entity = &entity(), .selection = selection_of(needs), .for_update = true}, std::move(before));
  if (elsewhere)
    for (int row = 0; row < elsewhere->rows(); row++)
      state.addresses_held_elsewhere.emplace_back(elsewhere->text(row, 0));
  // A completed cart shares its items, shipping methods, addresses and discounts with the order: nobody can want the order
  // to change with the cart. 1.20 answers 404 too where items or methods are changed, and lets the rest happen.
  if (!needs.completed && state.completed())
    throw base::Error::not_found("Cart " + std::string(id) + " has been completed and can't be changed");
  if (state.completed() || state.of_swap() || !has_ended(state.row())) return state;
  // Seldom: what a discount leaves behind is worked out anew, which takes more of the cart.
  Needs more = needs;
  more.items = more.discounts = more.methods = true;
  state = load(call, id, {.entity = &entity(), .selection = selection_of(more), .for_update = true}, {});
  drop_ended_discounts(state);
  return state;
}

State State::read(ports::Call& call, std::string_view id, const Needs& needs, db::Batch before) {
  return load(call, id, {.entity = &entity(), .selection = selection_of(needs)}, std::move(before));
}

State::State(ports::Call& c, query::Tree t)
    : call(&c), tree(std::move(t)), cart(query::row_value(row())), items("LineItem"), adjustments("LineItemAdjustment"),
      methods("ShippingMethod"), addresses("Address"), sessions("PaymentSession"), cart_before_(cart) {
  const auto root = row();
  if (root.has("items")) {
    items = Rows("LineItem", values_of(root.many<table::LineItem>("items")));
    const auto* node = root.node().child("items");
    adjustments = Rows("LineItemAdjustment", values_of(node->child("adjustments")->rows<table::LineItemAdjustment>()));
    for (const auto& variant : node->child("variant")->rows<table::ProductVariant>()) {
      std::string profile;
      if (const auto product = variant.one<table::Product>("product"))
        if (const auto profiles = product->many<table::ShippingProfile>("profiles"); !profiles.empty())
          profile = profiles.front().str("id");
      product_of_variant_.push_back({variant.str("id"), {variant.str("product_id"), profile}});
    }
  }
  if (root.has("shipping_methods"))
    methods = Rows("ShippingMethod", values_of(root.many<table::ShippingMethod>("shipping_methods")));
  if (root.has("payment_sessions"))
    sessions = Rows("PaymentSession", values_of(root.many<table::PaymentSession>("payment_sessions")));
  if (root.has("discounts"))
    for (const auto& discount : root.many<table::Discount>("discounts"))
      if (discount.has("rule")) discounts.push_back(discount_of(discount));
  if (root.has("gift_cards"))
    for (const auto& card : root.many<table::GiftCard>("gift_cards")) gift_card_ids.push_back(card.str("id"));
  if (root.has("shipping_address")) {
    base::JsonArray rows;
    for (const auto& address :
         {root.one<table::Address>("shipping_address"), root.one<table::Address>("billing_address")})
      if (address) {
        Json value = query::row_value(*address);
        if (std::find(rows.begin(), rows.end(), value) == rows.end()) rows.push_back(std::move(value));
      }
    addresses = Rows("Address", std::move(rows));
  }
  discounts_before_ = discounts;
  gift_cards_before_ = gift_card_ids;
}

void State::refuse_swap(const char* sentence) const {
  if (of_swap()) throw base::Error::not_allowed(sentence);
}

std::string State::text(std::string_view column) const {
  const Json& value = cart[column];
  return value.is_string() ? value.as_string() : std::string();
}

std::string State::product_of(const Json& item) const {
  for (const auto& [variant, product] : product_of_variant_)
    if (item["variant_id"] == Json(variant)) return product.first;
  return {};
}

std::string State::profile_of(const Json& item) const {
  for (const auto& [variant, product] : product_of_variant_)
    if (item["variant_id"] == Json(variant)) return product.second;
  return {};
}

void State::know_product(std::string_view variant_id, std::string_view product_id) {
  product_of_variant_.push_back({std::string(variant_id), {std::string(product_id), {}}});
}

bool is_free_shipping(const discount::Discount& discount) {
  return discount.rule.type == discount::RuleType::free_shipping;
}

const discount::Discount* State::line_discount() const {
  for (const auto& discount : discounts)
    if (!is_free_shipping(discount)) return &discount;
  return nullptr;
}

bool State::has_free_shipping() const { return std::any_of(discounts.begin(), discounts.end(), is_free_shipping); }

void State::remove_item(std::string_view item_id) {
  const std::string id(item_id);
  for (const auto& adjustment : base::JsonArray(adjustments.all()))
    if (adjustment["item_id"].as_string() == id) adjustments.remove(adjustment["id"].as_string());
  items.remove(id);
}

std::vector<db::Command> State::writes() const {
  std::vector<db::Command> writes = first;
  append(writes, addresses.writes());
  Json changes = Json::object();
  for (const auto& [name, value] : cart.as_object())
    if (!(cart_before_[name] == value)) changes.set(name, value);
  if (changes.size()) writes.push_back(query::update(entity(), id(), changes));
  write_links(writes, "cart_discounts", "discount_id", id(), ids_of(discounts_before_), ids_of(discounts));
  write_links(writes, "cart_gift_cards", "gift_card_id", id(), gift_cards_before_, gift_card_ids);
  // Tax lines of a method keep it from being removed; those of items go with them.
  const auto loaded = row();
  if (loaded.has("shipping_methods")) {
    std::vector<std::string> removed;
    for (const auto& method : loaded.many<table::ShippingMethod>("shipping_methods"))
      if (!methods.find(method.id()) && !method.many<table::ShippingMethodTaxLine>("tax_lines").empty())
        removed.push_back(method.str("id"));
    if (!removed.empty())
      writes.push_back(query::erase_where(schema::get("ShippingMethodTaxLine"), "shipping_method_id", removed));
  }
  append(writes, methods.writes());
  append(writes, items.writes());
  append(writes, adjustments.writes());
  append(writes, sessions.writes());
  return writes;
}

} // namespace commerce::cart
