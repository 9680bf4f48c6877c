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
#include "query/sparse.hpp"
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

bool contains(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
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
void write_links(db::Batch& batch, std::string_view table, std::string_view column, const std::string& cart_id,
                 const std::vector<std::string>& before, const std::vector<std::string>& after) {
  if (before == after) return;
  if (!before.empty()) batch.add(query::unlink(table, "cart_id", cart_id));
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& id : after) pairs.emplace_back(cart_id, id);
  if (!pairs.empty()) batch.add(query::link(table, "cart_id", column, pairs));
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

namespace {

// The selection of a relation; where it is not shown, these columns are enough.
query::Selection& needed(query::Selection& above, std::string_view relation, std::vector<std::string> fields = {}) {
  if (auto* shown = above.child(relation)) return shown->selection;
  auto& made = above.with(relation);
  made.fields = std::move(fields);
  return made;
}

} // namespace

query::Selection selection_of(const Needs& needs) {
  query::Selection cart = needs.shown ? *needs.shown : query::Selection{};
  if (needs.items || needs.discounts) {
    auto& items = needed(cart, "items");
    cart.child("items")->order_by = "t.created_at ASC, t.id ASC";
    needed(items, "adjustments");
    auto& variant = needed(items, "variant", {"id", "product_id"});
    auto& product = needed(variant, "product", {"id"});
    needed(product, "profiles", {"id"});
  }
  if (needs.methods) {
    auto& methods = needed(cart, "shipping_methods");
    needed(methods, "shipping_option");
    needed(methods, "tax_lines", {"id"});
  }
  // Whether one has ended is looked at whatever changes.
  auto& discounts = needed(cart, "discounts");
  cart.child("discounts")->deleted = query::Deleted::included;
  if (needs.discounts) needed(discounts, "rule");
  if (needs.gift_cards) needed(cart, "gift_cards", {"id"});
  if (needs.region) {
    auto& region = needed(cart, "region");
    needed(region, "countries");
    needed(region, "payment_providers");
  }
  if (needs.customer) needed(cart, "customer");
  if (needs.sessions) needed(cart, "payment_sessions");
  if (needs.addresses) {
    needed(cart, "shipping_address");
    needed(cart, "billing_address");
  }
  if (needs.fresh)
    for (const char* relation :
         {"items.adjustments", "shipping_methods", "discounts", "gift_cards", "payment_sessions"})
      query::know_empty(cart, relation);
  return cart;
}

State State::load(ports::Call& call, std::string_view id, const Needs& needs, Locked locked, db::Batch before) {
  const query::Read read{.entity = &entity(), .selection = selection_of(needs), .for_update = locked == Locked::yes};
  // What a cart lacks that has just been made is known.
  auto tree = needs.fresh ? query::read_one(call.db(), call.flags, read, id, before)
                          : query::read_sparse(call.db(), call.flags, read, id, before);
  if (!tree.root->size()) throw base::Error::not_found("Cart with " + std::string(id) + " was not found");
  return {call, std::move(tree)};
}

State State::lock(ports::Call& call, std::string_view id, const Needs& needs, db::Batch before) {
  State state = load(call, id, needs, Locked::yes, std::move(before));
  // A completed cart shares its items, shipping methods, addresses and discounts with the order: nobody can want the order
  // to change with the cart. 1.20 answers 404 too where items or methods are changed, and lets the rest happen.
  if (!needs.completed && state.completed())
    throw base::Error::not_found("Cart " + std::string(id) + " has been completed and can't be changed");
  if (state.completed() || state.of_swap() || !has_ended(state.row())) return state;
  // Seldom: what a discount leaves behind is worked out anew, which takes more of the cart.
  Needs more = needs;
  more.items = more.discounts = more.methods = true;
  state = load(call, id, more, Locked::yes, {});
  drop_ended_discounts(state);
  return state;
}

State State::read(ports::Call& call, std::string_view id, const Needs& needs, db::Batch before) {
  return load(call, id, needs, Locked::no, std::move(before));
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

bool State::holds_with_others(const std::string& address_id) {
  if (!held_with_others_) {
    const auto found = call->db().run(addresses_held_elsewhere(id()));
    held_with_others_.emplace();
    for (int row = 0; row < found.rows(); row++) held_with_others_->emplace_back(found.text(row, 0));
  }
  return contains(*held_with_others_, address_id);
}

std::vector<db::Command> State::writes() const {
  db::Batch batch;
  add_writes(batch, Returning::nothing);
  return batch.take();
}

State::Written State::add_writes(db::Batch& batch, Returning returning) const {
  const auto columns = [&](std::string_view of) {
    return returning == Returning::rows ? query::all_columns(schema::get(of), call->flags) : query::Returned{};
  };
  Written written;
  for (const auto& write : first) batch.add(write);
  written.addresses = addresses.write(batch, columns("Address"));
  Json changes = Json::object();
  for (const auto& [name, value] : cart.as_object())
    if (!(cart_before_[name] == value)) changes.set(name, value);
  if (changes.size()) written.cart = batch.add(query::update(entity(), id(), changes, columns("Cart")));
  write_links(batch, "cart_discounts", "discount_id", id(), ids_of(discounts_before_), ids_of(discounts));
  write_links(batch, "cart_gift_cards", "gift_card_id", id(), gift_cards_before_, gift_card_ids);
  // Tax lines of a method keep it from being removed; those of items go with them.
  const auto loaded = row();
  if (loaded.has("shipping_methods")) {
    std::vector<std::string> removed;
    for (const auto& method : loaded.many<table::ShippingMethod>("shipping_methods"))
      if (!methods.find(method.id()) && !method.many<table::ShippingMethodTaxLine>("tax_lines").empty())
        removed.push_back(method.str("id"));
    if (!removed.empty())
      batch.add(query::erase_where(schema::get("ShippingMethodTaxLine"), "shipping_method_id", removed));
  }
  written.methods = methods.write(batch, columns("ShippingMethod"));
  written.items = items.write(batch, columns("LineItem"));
  written.adjustments = adjustments.write(batch, columns("LineItemAdjustment"));
  written.sessions = sessions.write(batch, columns("PaymentSession"));
  return written;
}

namespace {

template<class Row> std::vector<std::string> ids_of_rows(const std::vector<Row>& rows) {
  std::vector<std::string> ids;
  for (const auto& row : rows) ids.push_back(row.str("id"));
  return ids;
}

// Where each row leads by that column, whether one leads to what was not read.
bool leads_beyond(const Rows& rows, std::string_view column, const std::vector<std::string>& read) {
  return std::any_of(rows.all().begin(), rows.all().end(), [&](const Json& row) {
    return row[column].is_string() && !contains(read, row[column].as_string());
  });
}

// The rows that stay of those that the cart was linked to; all are read again where others have come.
void keep_linked(query::InHand& in_hand, std::string_view path, const std::vector<std::string>& read,
                 const std::vector<std::string>& now) {
  if (std::all_of(now.begin(), now.end(), [&](const auto& id) { return contains(read, id); })) {
    if (now.size() != read.size()) in_hand.keep_only(path, now);
  } else {
    in_hand.forget(path);
  }
}

} // namespace

query::InHand State::write(db::Batch& batch) {
  const auto written = add_writes(batch, Returning::rows);
  // 1. What was read.
  const auto loaded = row();
  std::vector<std::string> variants, options, shown_discounts;
  const auto read_items = loaded.many_if_loaded<table::LineItem>("items");
  for (const auto& item : read_items)
    if (const auto variant = item.one<table::ProductVariant>("variant")) variants.push_back(variant->str("id"));
  for (const auto& method : loaded.many_if_loaded<table::ShippingMethod>("shipping_methods"))
    options.push_back(method.str("shipping_option_id"));
  const auto cards = ids_of_rows(loaded.many_if_loaded<table::GiftCard>("gift_cards"));
  const auto all_discounts = ids_of_rows(loaded.many<table::Discount>("discounts"));
  for (const auto& discount : discounts)
    if (!discount.is_deleted) shown_discounts.push_back(discount.id);
  for (const auto& item : read_items)
    if (!item.is_null("variant_id") && !contains(variants, item.str("variant_id")))
      variants.push_back(item.str("variant_id")); // of a variant that is gone
  query::InHand in_hand(call->flags, std::move(tree));
  // 2. What is written.
  const auto put = [&](std::string_view path, const Rows::Written& rows) {
    in_hand.remove(path, rows.removed);
    for (const auto& one : rows.rows) in_hand.put(path, one);
  };
  if (written.cart) in_hand.put("", written.cart);
  put("items", written.items);
  put("items.adjustments", written.adjustments);
  put("shipping_methods", written.methods);
  put("payment_sessions", written.sessions);
  put("shipping_address", written.addresses);
  put("billing_address", written.addresses);
  if (leads_elsewhere("shipping_address_id")) in_hand.share("shipping_address", "billing_address");
  if (leads_elsewhere("billing_address_id")) in_hand.share("billing_address", "shipping_address");
  keep_linked(in_hand, "discounts", all_discounts, shown_discounts);
  keep_linked(in_hand, "gift_cards", cards, gift_card_ids);
  // 3. What the cart has come to lead to.
  if (leads_beyond(items, "variant_id", variants)) in_hand.forget("items.variant");
  if (leads_beyond(methods, "shipping_option_id", options)) in_hand.forget("shipping_methods.shipping_option");
  static constexpr std::pair<std::string_view, std::string_view> kRelations[]{{"region_id", "region"},
                                                                              {"sales_channel_id", "sales_channel"},
                                                                              {"customer_id", "customer"},
                                                                              {"payment_id", "payment"}};
  for (const auto& [column, relation] : kRelations)
    if (leads_elsewhere(column)) in_hand.forget(relation);
  return in_hand;
}

} // namespace commerce::cart
