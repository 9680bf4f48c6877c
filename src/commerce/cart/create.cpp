#include "commerce/cart/create.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "commerce/addresses.hpp"
#include "commerce/cart/channels.hpp"
#include "commerce/cart/customers.hpp"
#include "db/batch.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::cart {

using base::Error;
using base::Json;

namespace {

// Quirk: without an id it is the region that the database happens to name first.
db::Command region_query(const std::optional<std::string>& id) {
  static const db::Statement statement(
      "SELECT r.id, array_to_json(ARRAY(SELECT iso_2 FROM country c WHERE c.region_id = r.id)) FROM region r "
      "WHERE r.deleted_at IS NULL AND ($1::text IS NULL OR r.id = $1) LIMIT 1");
  return {statement, db::Params::of(id)};
}

// The region's id and its countries.
struct Region {
  std::string id;
  std::vector<std::string> countries;
};
Region region_of(const db::Result& found, const std::string& wanted) {
  if (found.empty()) throw Error::not_found("Region with " + wanted + " was not found");
  Region region{std::string(found.text(0, 0)), {}};
  const Json countries = base::parse_json(found.text(0, 1));
  for (const Json& country : countries.as_array()) region.countries.push_back(country.as_string());
  return region;
}
bool lies_in(const Region& region, const std::string& country) {
  return std::find(region.countries.begin(), region.countries.end(), country) != region.countries.end();
}

Json new_address(ports::Call& call, Json values) {
  values.set("id", call.same_id("addr", "new cart"));
  return values;
}

// Adds a row to the addresses, and returns its id.
std::string add_address(ports::Call& call, std::vector<db::Command>& writes, Json address) {
  address = new_address(call, std::move(address));
  writes.push_back(query::insert(schema::get("Address"), address));
  return address["id"].as_string();
}

// What a draft's address says: an object as it is, a text names one of the customer's.
// Quirk: the country of an object must be told, and in small letters.
Json address_of_draft(const Json& wanted, const base::JsonArray& named, const Region& region,
                      const std::string& which) {
  Json values;
  if (wanted.is_string()) {
    for (const Json& row : named)
      if (row["id"] == wanted) values = row;
    if (!values.is_object())
      throw Error::not_found("Address with " + base::lower(which) + "_address_id " + wanted.as_string() +
                             " does not exist.");
  } else {
    values = wanted;
  }
  const Json& country = values["country_code"];
  const bool told = country.is_string() && !country.as_string().empty();
  if (told ? !lies_in(region, country.as_string()) : !wanted.is_string())
    throw Error::not_allowed(which + " country not in region");
  return address_values(values);
}

} // namespace

NewlyMade create(ports::Call& call, const NewCart& wanted) {
  const bool channels = call.on(schema::Flag::sales_channels);
  db::Batch batch;
  db::Batch::Slot channel, buyer, bought;
  const auto regions = batch.add(region_query(wanted.region_id));
  if (channels) channel = batch.add(channel_query(wanted.sales_channel_id));
  if (wanted.customer_id) buyer = batch.add(customer_query(*wanted.customer_id));
  if (!wanted.items.empty()) bought = batch.add(variants_query(call, wanted.items, "", wanted.sales_channel_id));
  batch.run(call.db());
  Json cart = base::JsonObject{{"id", base::make_id("cart")}};
  const std::string cart_id = cart["id"].as_string();

  // 1. The region: the wanted one, else the first.
  if (!wanted.region_id && regions->empty()) throw Error::invalid_data("A region is required to create a cart");
  // 2. The sales channel must exist and be enabled.
  if (channel) cart.set("sales_channel_id", channel_of(*channel, wanted.sales_channel_id));
  // 3. The customer who is logged in.
  if (buyer) {
    const auto customer = customer_of(*buyer);
    if (!customer) throw Error::not_found("Customer with id: " + *wanted.customer_id + " was not found");
    cart.set("customer_id", customer->id);
    cart.set("email", customer->email);
  }
  const Region region = region_of(*regions, wanted.region_id.value_or(""));
  cart.set("region_id", region.id);
  // 4. The country: the wanted one must be the region's; a region of one country presets it.
  std::optional<std::string> country;
  if (wanted.country_code) {
    country = base::lower(*wanted.country_code);
    if (!lies_in(region, *country)) throw Error::not_allowed("Shipping country not in region");
  } else if (region.countries.size() == 1) {
    country = region.countries.front();
  }
  NewlyMade made{cart_id, {}, query::InHand(call.flags)};
  const auto insert = [&](std::string_view path, std::string_view entity, base::JsonArray rows) {
    const auto& described = schema::get(entity);
    made.rows.put(path, made.writes.add(query::insert(described, rows, query::all_columns(described, call.flags))));
  };
  if (country) {
    const Json address = new_address(call, base::JsonObject{{"country_code", *country}});
    cart.set("shipping_address_id", address["id"]);
    insert("shipping_address", "Address", {address});
  }
  cart.set("context", wanted.context);
  insert("", "Cart", {cart});
  for (const char* relation : {"region", "sales_channel", "customer", "items.variant"}) made.rows.forget(relation);

  // 5. The items, as if they were added one after the other to the empty cart.
  if (bought) {
    auto variants = variants_of(*bought, wanted.items);
    check_may_be_bought(call, wanted.items, variants);
    auto items = new_items(call, cart_id, {cart["region_id"].as_string(), wanted.customer_id}, wanted.items, variants);
    check_sales_channel(call, wanted.items, variants);
    ask_inventory(call, variants, cart["sales_channel_id"].is_string() ? cart["sales_channel_id"].as_string() : "");
    for (const auto& item : wanted.items) refuse_out_of_stock(facts_of(variants, item.variant_id), item.quantity);
    insert("items", "LineItem", std::move(items));
  }
  call.emit("cart.created", base::JsonObject{{"id", cart_id}});
  if (!wanted.items.empty()) call.emit("cart.updated", base::JsonObject{{"id", cart_id}});
  return made;
}

Made drafted(ports::Call& call, const Draft& wanted, db::Batch batch) {
  const bool channels = call.on(schema::Flag::sales_channels);
  const auto regions = batch.add(region_query(wanted.region_id));
  const auto buyer = batch.add(wanted.customer_id ? customer_query(*wanted.customer_id) : guest_query(wanted.email));
  db::Batch::Slot channel;
  if (channels) channel = batch.add(channel_query(std::nullopt));
  batch.run(call.db());
  // A carrier outside who is asked about it knows it by the ids that it has in each run.
  Json cart = base::JsonObject{{"id", call.same_id("cart", "draft")},
                               {"type", "draft_order"},
                               {"context", Json::object()},
                               {"metadata", wanted.metadata.is_object() ? wanted.metadata : Json::object()}};
  // 1. The sales channel: the store's.
  if (channel) cart.set("sales_channel_id", channel_of(*channel, std::nullopt));
  // 2. Who buys: the customer, else a guest.
  auto customer = wanted.customer_id ? customer_of(*buyer) : guest_customer(call, wanted.email, *buyer);
  if (!customer) customer = guest_customer(call, wanted.email, call.db().run(guest_query(wanted.email)));
  cart.set("customer_id", customer->id);
  cart.set("email", customer->email);
  // 3. The region, and addresses that lie in it. Those that a text names are the customer's, and are copied.
  const Region region = region_of(*regions, wanted.region_id);
  cart.set("region_id", region.id);
  std::vector<std::string> names;
  for (const Json* address : {&wanted.shipping_address, &wanted.billing_address})
    if (address->is_string()) names.push_back(address->as_string());
  base::JsonArray named;
  if (!names.empty()) named = addresses_of(call.db().run(nameable_addresses(names, customer->id, "")));
  std::vector<db::Command> writes;
  if (wanted.shipping_address.truthy())
    cart.set("shipping_address_id",
             add_address(call, writes, address_of_draft(wanted.shipping_address, named, region, "Shipping")));
  else if (region.countries.size() == 1)
    cart.set("shipping_address_id",
             add_address(call, writes, base::JsonObject{{"country_code", region.countries.front()}}));
  if (wanted.billing_address.truthy())
    cart.set("billing_address_id",
             add_address(call, writes, address_of_draft(wanted.billing_address, named, region, "Billing")));
  writes.push_back(query::insert(schema::get("Cart"), cart));
  const std::string cart_id = cart["id"].as_string();
  call.emit("cart.created", base::JsonObject{{"id", cart_id}});
  return {cart_id, std::move(writes)};
}

} // namespace commerce::cart
