#include "commerce/cart/update.hpp"
#include "base/error.hpp"
#include "base/metadata.hpp"
#include "base/strings.hpp"
#include "base/time.hpp"
#include "commerce/addresses.hpp"
#include "commerce/cart/customers.hpp"
#include "commerce/cart/discounts.hpp"
#include "commerce/cart/line_items.hpp"
#include "commerce/cart/view.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/values.hpp"
#include "db/batch.hpp"
#include "query/row_of.hpp"
#include <algorithm>

namespace commerce::cart {

using base::Error;
using base::Json;

namespace {

std::vector<std::string> countries_of(const State& state) {
  std::vector<std::string> countries;
  if (const auto region = state.row().one<table::Region>("region"))
    for (const auto& country : region->many<table::Country>("countries")) countries.push_back(country.str("iso_2"));
  return countries;
}

bool contains(const std::vector<std::string>& values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// What a completed cart may still be told: who buys, where the request came from, and the region that it has.
bool only_about_the_buyer(const Json& changes) {
  static const std::vector<std::string> names{"customer_id", "email", "context", "region_id"};
  return std::all_of(changes.as_object().begin(), changes.as_object().end(),
                     [](const auto& change) { return contains(names, change.name); });
}

// What update() looks at, whatever is changed.
Needs update_needs(const Json& changes, const query::Selection* shown) {
  Needs needs{.region = true,
              .customer = changes.has("customer_id"),
              .addresses = true,
              .completed = only_about_the_buyer(changes),
              .shown = shown};
  for (const char* name : {"customer_id", "region_id", "sales_channel_id", "discounts"})
    if (!changes[name].is_undefined()) needs.items = needs.discounts = needs.methods = true;
  if (changes.has("region_id")) needs.sessions = true;
  if (changes.has("region_id") || changes.has("gift_cards")) needs.gift_cards = true;
  return needs;
}

// An address of the cart changes in place, where the cart alone holds it; else in a copy.
void change_address(State& state, std::string_view column, const Json& changes) {
  const std::string id = state.text(column);
  const Json values = address_values(changes);
  const Json* own = id.empty() ? nullptr : state.addresses.find(id);
  if (!own) {
    state.cart.set(column, state.addresses.add(values));
  } else if (!state.holds_with_others(id)) {
    for (const auto& [name, value] : values.as_object()) state.addresses.set(id, name, value);
  } else {
    const std::string copy = state.addresses.add(base::spread(address_values(*own), values));
    // Where both addresses are one, they stay one.
    for (const char* holder : {"shipping_address_id", "billing_address_id"})
      if (state.text(holder) == id) state.cart.set(holder, copy);
  }
}

// Medusa 1.20: CartService.updateShippingAddress_ and updateBillingAddress_. An object changes the cart's address or
// makes one; a text names one of `named`; null takes it away.
void put_address(State& state, std::string_view column, const Json& address, const Json* named) {
  if (address.is_null()) {
    state.cart.set(column, nullptr);
  } else if (!address.is_string()) {
    change_address(state, column, address);
  } else if (state.text("shipping_address_id") == address.as_string() ||
             state.text("billing_address_id") == address.as_string()) {
    state.cart.set(column, address);
  } else {
    // Another's row is copied: over the cart's own row, unless that is its other address too.
    if (state.text("shipping_address_id") == state.text("billing_address_id")) state.cart.set(column, nullptr);
    change_address(state, column, *named);
  }
}

// The address that a text names; throws where there is none. Null for an address that is given whole.
const Json* named_address(const base::JsonArray& named, const Json& address) {
  if (!address.is_string()) return nullptr;
  for (const auto& row : named)
    if (row["id"] == address) return &row;
  throw Error::not_found("Address with " + address.as_string() + " was not found");
}

void put_shipping_address(State& state, const Json& address, const Json* named,
                          const std::vector<std::string>& region_countries) {
  const Json& country = (named ? *named : address)["country_code"];
  if (country.truthy() && !contains(region_countries, base::lower(country.as_string())))
    throw Error::invalid_data("Shipping country must be in the cart region");
  put_address(state, "shipping_address_id", address, named);
}

} // namespace

ToUpdate lock_to_update(ports::Call& call, std::string_view id, const Json& changes, const query::Selection* shown) {
  return lock_to_update(call, id, changes, call.identity.customer_id, shown);
}

ToUpdate lock_to_update(ports::Call& call, std::string_view id, const Json& changes,
                        const std::optional<std::string>& customer_id, const query::Selection* shown) {
  std::vector<std::string> names;
  for (const char* member : {"billing_address", "shipping_address"})
    if (changes[member].is_string()) names.push_back(changes[member].as_string());
  db::Batch before;
  db::Batch::Slot named;
  if (!names.empty()) named = before.add(nameable_addresses(names, customer_id, id));
  db::Batch::Slot guest;
  if (!changes["customer_id"].truthy() && changes.has("email")) guest = before.add(guest_query(changes["email"]));
  State state = State::lock(call, id, update_needs(changes, shown), std::move(before));
  return {std::move(state), named ? addresses_of(*named) : base::JsonArray{}, guest};
}

// Medusa 1.20: CartService.update
void update(ToUpdate& to_update, const Json& changes) {
  State& state = to_update.state;
  const std::string customer_before = state.text("customer_id"), email_before = state.text("email");
  auto countries = countries_of(state);
  // 1. The customer: the one who is logged in, else a guest by e-mail.
  if (changes["customer_id"].truthy())
    set_customer(state, changes["customer_id"].as_string());
  else if (changes.has("email"))
    set_guest(state, changes["email"], to_update.guest);
  // 2. Customer and region decide about prices.
  const Json& region = changes["region_id"];
  // What was agreed on for a swap stays.
  if (!state.completed() && !state.of_swap() && (changes.has("customer_id") || changes.has("region_id")))
    update_prices(state, region.truthy() ? region.as_string() : state.text("region_id"), state.text("customer_id"));
  // 3. A new region changes much of the cart.
  if (region.is_string() && region.as_string() != state.text("region_id")) {
    state.refuse_swap("The region of a swap's cart can't be changed");
    const Json& country =
        changes["country_code"].truthy() ? changes["country_code"] : changes["shipping_address"]["country_code"];
    set_region(state, region.as_string(), country.is_string() ? std::optional(country.as_string()) : std::nullopt);
    countries.clear();
    static const db::Statement of_region("SELECT iso_2 FROM country WHERE region_id = $1");
    if (changes.has("shipping_address")) {
      const auto rows = state.call->db().run(of_region, db::Params::of(region.as_string()));
      for (int row = 0; row < rows.rows(); row++) countries.emplace_back(rows.text(row, 0));
    }
  }
  // 4. Addresses.
  const auto& named = to_update.named_addresses;
  if (const Json& billing = changes["billing_address"]; !billing.is_undefined())
    put_address(state, "billing_address_id", billing, named_address(named, billing));
  if (const Json& shipping = changes["shipping_address"]; !shipping.is_undefined())
    put_shipping_address(state, shipping, named_address(named, shipping), countries);
  // 5. The sales channel.
  const Json& channel = changes["sales_channel_id"];
  if (state.call->on(schema::Flag::sales_channels) && channel.is_string() &&
      channel.as_string() != state.text("sales_channel_id")) {
    state.refuse_swap("The sales channel of a swap's cart can't be changed");
    set_sales_channel(state, channel.as_string());
  }
  // 6. Discounts and gift cards take the place of those so far.
  if (changes["discounts"].is_array()) replace_discounts(state, texts_of(changes["discounts"], "code"));
  if (changes.has("gift_cards")) replace_gift_cards(state, texts_of(changes["gift_cards"], "code"));
  // 7. Metadata and context are merged.
  if (changes["metadata"].truthy())
    state.cart.set("metadata", base::merge_metadata(state.cart["metadata"], changes["metadata"]));
  if (changes.has("context"))
    state.cart.set("context", base::spread_kept("context", state.cart["context"], changes["context"]));
  // 8. The cart counts as changed whatever was in the request. Tell.
  state.cart.set("updated_at", base::iso_time(base::now()));
  const Json& email = changes["email"];
  if ((email.truthy() && (customer_before.empty() || email.as_string() != email_before)) ||
      (changes["customer_id"].truthy() && changes["customer_id"].as_string() != customer_before))
    state.call->emit("cart.customer_updated", state.id());
  state.call->emit("cart.updated", state.cart);
}

// Medusa 1.20: CartService.updateUnitPrices_
void update_prices(State& state, const std::string& region_id, const std::string& customer_id) {
  if (state.items.empty()) return;
  std::vector<PriceQuestion> questions;
  for (const auto& item : state.items.all())
    if (item["variant_id"].is_string())
      questions.push_back({item["variant_id"].as_string(), state.product_of(item), item["quantity"].as_int()});
  const Buyer buyer{region_id, customer_id.empty() ? std::nullopt : std::optional(customer_id)};
  const auto prices = prices_of(*state.call, buyer, questions);
  std::size_t at = 0;
  for (const auto& item : base::JsonArray(state.items.all())) {
    if (!item["variant_id"].is_string()) continue;
    const std::string& id = item["id"].as_string();
    if (const auto& price = prices[at++]; price.amount) {
      state.items.set(id, "has_shipping", false);
      set_price(state, id, price);
    } else {
      state.remove_item(id);
    }
  }
}

// Medusa 1.20: CartService.setRegion_
void set_region(State& state, const std::string& region_id, const std::optional<std::string>& country_code) {
  // 1. A paid cart stays where it is.
  if (!state.cart["completed_at"].is_null() || !state.cart["payment_authorized_at"].is_null())
    throw Error::not_allowed("Cannot change the region of a completed cart");
  // 2. The region with its countries, and the discounts that hold there.
  static const db::Statement region_statement(
      "SELECT array_to_json(ARRAY(SELECT iso_2 FROM country c WHERE c.region_id = r.id)) FROM region r "
      "WHERE r.id = $1 AND r.deleted_at IS NULL");
  static const db::Statement discounts_statement(
      "SELECT discount_id FROM discount_regions WHERE region_id = $1 AND discount_id = ANY($2)");
  std::vector<std::string> discount_ids;
  for (const auto& discount : state.discounts) discount_ids.push_back(discount.id);
  db::Batch batch;
  const auto region = batch.add({region_statement, db::Params::of(region_id)});
  const auto valid_discounts = batch.add({discounts_statement, db::Params::of(region_id, discount_ids)});
  batch.run(state.call->db());
  if (region->empty()) throw Error::not_found("Region with " + region_id + " was not found");
  std::vector<std::string> countries;
  for (const Json countries_json = base::parse_json(region->text(0, 0)); const auto& code : countries_json.as_array())
    countries.push_back(code.as_string());
  state.cart.set("region_id", region_id);
  // 3. The shipping address gets a country of the region, or none.
  Json country(nullptr);
  if (country_code) {
    const std::string code = base::lower(*country_code);
    if (!contains(countries, code)) throw Error::not_allowed("Country not available in region");
    country = code;
  } else if (countries.size() == 1) {
    country = countries.front();
  }
  change_address(state, "shipping_address_id", base::JsonObject{{"country_code", country}});
  // 4. Shipping is arranged anew; 5. discounts of other regions, 6. gift cards and 7. payment sessions go.
  state.methods.clear();
  std::vector<std::string> kept;
  for (int row = 0; row < valid_discounts->rows(); row++) kept.emplace_back(valid_discounts->text(row, 0));
  std::erase_if(state.discounts, [&](const auto& discount) { return !contains(kept, discount.id); });
  if (!state.items.empty()) refresh_adjustments(state);
  state.gift_card_ids.clear();
  state.sessions.clear();
}

// Medusa 1.20: CartService.onSalesChannelChange
void set_sales_channel(State& state, const std::string& sales_channel_id) {
  static const db::Statement channel_statement(
      "SELECT name, is_disabled FROM sales_channel WHERE id = $1 AND deleted_at IS NULL");
  static const db::Statement products_statement(
      "SELECT product_id FROM product_sales_channel WHERE sales_channel_id = $1 AND product_id = ANY($2)");
  std::vector<std::string> products;
  for (const auto& item : state.items.all()) products.push_back(state.product_of(item));
  db::Batch batch;
  const auto channel = batch.add({channel_statement, db::Params::of(sales_channel_id)});
  const auto sold_there = batch.add({products_statement, db::Params::of(sales_channel_id, products)});
  batch.run(state.call->db());
  // 1. The channel must exist and be enabled.
  if (channel->empty()) throw Error::not_found("Sales channel with id: " + sales_channel_id + " was not found");
  if (channel->boolean(0, 1))
    throw Error::invalid_data("Unable to assign the cart to a disabled Sales Channel \"" +
                              std::string(channel->text(0, 0)) + "\"");
  // 2. What is not sold there leaves the cart.
  std::vector<std::string> sold, leaving;
  for (int row = 0; row < sold_there->rows(); row++) sold.emplace_back(sold_there->text(row, 0));
  for (const auto& item : state.items.all())
    if (!contains(sold, state.product_of(item))) leaving.push_back(item["id"].as_string());
  if (!leaving.empty() && remove_items(state, leaving))
    state.call->emit("cart.updated", base::JsonObject{{"id", state.id()}});
  state.cart.set("sales_channel_id", sales_channel_id);
}

void let_discounts_end(ports::Call& call, std::string_view cart_id) {
  call.atomic([&] {
    State state =
        State::lock(call, cart_id, {.items = true, .methods = true, .discounts = true, .shown = &default_view()});
    View::of(state, default_view()).sync_sessions(totals::ForceTaxes::yes);
    call.emit("cart.updated", base::JsonObject{{"id", cart_id}});
  });
}

} // namespace commerce::cart
