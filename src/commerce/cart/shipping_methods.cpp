#include "commerce/cart/shipping_methods.hpp"
#include "base/error.hpp"
#include "commerce/cart/discounts.hpp"
#include "commerce/cart/lookups.hpp"
#include "commerce/shipping/options.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/totals/from_rows.hpp"
#include "db/batch.hpp"
#include "ports/fulfillment_provider.hpp"
#include "query/row_of.hpp"
#include <algorithm>

namespace commerce::cart {

using base::Error;
using base::Json;

namespace {

// Prices that were agreed on for this cart alone (returns, swaps, claims).
struct CustomOption {
  std::string option_id;
  base::Amount price = 0;
};

db::Command custom_options_query(std::string_view cart_id) {
  static const db::Statement statement(
      "SELECT shipping_option_id, price FROM custom_shipping_option WHERE cart_id = $1 AND deleted_at IS NULL");
  return {statement, db::Params::of(cart_id)};
}

std::vector<CustomOption> custom_options_of(const db::Result& rows) {
  std::vector<CustomOption> options;
  for (int row = 0; row < rows.rows(); row++) options.push_back({std::string(rows.text(row, 0)), rows.integer(row, 1)});
  return options;
}

// What the cart's requirements are measured by.
shipping::CartFacts facts_of(const State& state) {
  shipping::CartFacts facts{.region_id = state.text("region_id")};
  const auto inclusive = totals::inclusive(state.call->flags);
  facts.inclusive = inclusive == tax::Inclusive::on;
  totals::Cart cart;
  cart.items = items_to_total(state);
  if (facts.inclusive)
    add_tax_lines(state, cart.items);
  else
    for (auto& item : cart.items) item.tax_lines.emplace();
  const auto sum = totals::cart_totals(cart, totals::ForceTaxes::yes, inclusive);
  facts.subtotal = sum.subtotal;
  facts.item_tax_total = sum.item_tax_total;
  return facts;
}

query::Read option_read(query::Selection selection) {
  return {.entity = &schema::get("ShippingOption"), .selection = std::move(selection)};
}

// The shipping profiles of the options of the methods that the state was loaded with and still has.
std::vector<std::string> profiles_of(const State& state) {
  std::vector<std::string> profiles;
  for (const auto& method : state.row().many<table::ShippingMethod>("shipping_methods"))
    if (state.methods.find(method.id()))
      if (const auto option = method.one<table::ShippingOption>("shipping_option"))
        profiles.push_back(option->str("profile_id"));
  return profiles;
}

// Adds a method of that option in the place of the one with the same profile. `custom` are the cart's own prices.
void add_method(State& state, const query::RowOf<table::ShippingOption>& option,
                const std::vector<CustomOption>& custom, const Json& data) {
  ports::Call& call = *state.call;
  const std::string option_id = option.str("id");
  const auto own = std::find_if(custom.begin(), custom.end(), [&](const auto& c) { return c.option_id == option_id; });
  // 1. The cart must be allowed to use it, unless its price was agreed on. 1.20 lets a shopper choose what is for admins or
  // for returns.
  if (own == custom.end()) {
    if (!call.identity.user_id && (option.boolean("admin_only") || option.boolean("is_return")))
      throw Error::not_allowed("The shipping option " + option_id + " can't be chosen for a cart");
    if (const auto refused = shipping::refusal(option, facts_of(state))) refused->raise();
  }
  const Json validated = ports::fulfillment_provider(option.text("provider_id"))
                             .validate_data(call, option.json("data"), data, state.cart);
  const base::Amount price = own != custom.end() ? own->price : shipping::price_of(call, option, validated, state.cart);
  // 2. It takes the place of the method with the same profile.
  for (const auto& method : state.row().many<table::ShippingMethod>("shipping_methods"))
    if (const auto old = method.one<table::ShippingOption>("shipping_option");
        old && old->text("profile_id") == option.text("profile_id"))
      state.methods.remove(method.id());
  Json method = base::JsonObject{
      {"shipping_option_id", option_id}, {"cart_id", state.id()}, {"price", price}, {"data", validated}};
  if (call.on(schema::Flag::tax_inclusive_pricing)) method.set("includes_tax", option.boolean("includes_tax"));
  state.methods.add(std::move(method));
}

// What the methods that were added mean for the rest of the cart.
void follow_methods(State& state, const std::vector<std::string>& added_profiles) {
  // 1. Items whose profile a method serves can be shipped; so can those without a profile.
  auto profiles = profiles_of(state);
  profiles.insert(profiles.end(), added_profiles.begin(), added_profiles.end());
  for (const auto& item : base::JsonArray(state.items.all())) {
    const std::string profile = state.profile_of(item);
    const bool served = profile.empty() || std::find(profiles.begin(), profiles.end(), profile) != profiles.end();
    state.items.set(item["id"].as_string(), "has_shipping", served);
  }
  // 2. A discount may make it free.
  if (state.has_free_shipping()) adjust_shipping(state, Shipping::free);
  state.call->emit("cart.updated", state.cart);
}

// A cart with prices of its own may have no other options.
void refuse_wrong_option(const std::vector<CustomOption>& custom, const std::string& option_id) {
  if (!custom.empty() &&
      std::none_of(custom.begin(), custom.end(), [&](const auto& c) { return c.option_id == option_id; }))
    throw Error::invalid_data("Wrong shipping option");
}

query::Selection with_requirements() {
  query::Selection selection;
  selection.with("requirements");
  return selection;
}

} // namespace

// Medusa 1.20: CartService.addShippingMethod
void add_shipping_method(State& state, const std::string& option_id, const Json& data) {
  ports::Call& call = *state.call;
  db::Batch before;
  const auto own_prices = before.add(custom_options_query(state.id()));
  const auto tree = query::read_one(call.db(), call.flags, option_read(with_requirements()), option_id, before);
  const auto custom = custom_options_of(*own_prices);
  refuse_wrong_option(custom, option_id);
  if (!tree.root->size()) throw Error::not_found("Shipping Option with " + option_id + " was not found");
  add_method(state, *tree.first<table::ShippingOption>(), custom, data);
  follow_methods(state, {tree.first<table::ShippingOption>()->str("profile_id")});
}

void add_shipping_methods(State& state, const std::vector<WantedMethod>& wanted) {
  if (wanted.empty()) return;
  if (wanted.size() == 1) return add_shipping_method(state, wanted.front().option_id, wanted.front().data);
  ports::Call& call = *state.call;
  std::vector<std::string> ids, profiles;
  for (const auto& method : wanted) ids.push_back(method.option_id);
  const auto custom = custom_options_of(call.db().run(custom_options_query(state.id())));
  query::Read read = option_read(with_requirements());
  read.where = {{"id", query::Operator::in, ids}};
  const auto tree = query::read(call.db(), call.flags, read);
  for (const auto& method : wanted) {
    refuse_wrong_option(custom, method.option_id);
    std::optional<query::RowOf<table::ShippingOption>> option;
    for (const auto& row : tree.rows<table::ShippingOption>())
      if (row.id() == method.option_id) option = row;
    if (!option) throw Error::not_found("Shipping Option with " + method.option_id + " was not found");
    add_method(state, *option, custom, method.data);
    profiles.push_back(option->str("profile_id"));
  }
  follow_methods(state, profiles);
}

// Medusa 1.20: GET /store/shipping-options/:cart_id
std::string shipping_options_json(ports::Call& call, std::string_view cart_id) {
  // 1. The cart, its profiles, and the options that it may have.
  db::Batch before;
  const auto own_prices = before.add(custom_options_query(cart_id));
  const State state = State::read(call, cart_id, {.items = true}, std::move(before));
  const auto custom = custom_options_of(*own_prices);
  std::vector<std::string> profiles, ids;
  for (const auto& item : state.items.all())
    if (const auto profile = state.profile_of(item); !profile.empty()) profiles.push_back(profile);
  query::Selection selection;
  selection.with("profile");
  selection.with("requirements");
  query::Read read = option_read(std::move(selection));
  read.where = {{"profile_id", query::Operator::in, profiles}, {"admin_only", query::Operator::equal, {"f"}}};
  for (const auto& option : custom) ids.push_back(option.option_id);
  if (!custom.empty()) read.where.push_back({"id", query::Operator::in, ids});
  const auto tree = query::read(call.db(), call.flags, read);
  // 2. Those with prices of their own are offered as they are, of the others those that the cart may use.
  std::vector<query::RowOf<table::ShippingOption>> offered;
  std::vector<base::Amount> agreed;
  const auto facts = facts_of(state);
  for (const auto& option : tree.rows<table::ShippingOption>()) {
    if (custom.empty()) {
      if (!option.boolean("is_return") && !shipping::refusal(option, facts)) offered.push_back(option);
      continue;
    }
    const auto own =
        std::find_if(custom.begin(), custom.end(), [&](const auto& c) { return c.option_id == option.id(); });
    agreed.push_back(own->price);
    offered.push_back(option);
  }
  shipping::add_prices(call, offered, agreed);
  std::string body;
  base::JsonWriter writer(body);
  writer.open_object().key("shipping_options");
  query::write_rows(writer, offered);
  writer.close_object();
  return body;
}

} // namespace commerce::cart
