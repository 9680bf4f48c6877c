#include "commerce/cart/create.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "commerce/cart/channels.hpp"
#include "commerce/cart/customers.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::cart {

using base::Error;
using base::Json;

namespace {

// Quirk: without an id it is the region that the database happens to name first.
db::Query region_query(const std::optional<std::string>& id) {
  static const db::Statement statement(
      "SELECT r.id, array_to_json(ARRAY(SELECT iso_2 FROM country c WHERE c.region_id = r.id)) FROM region r "
      "WHERE r.deleted_at IS NULL AND ($1::text IS NULL OR r.id = $1) LIMIT 1");
  return {statement, db::Params::of(id)};
}

} // namespace

Made create(ports::Call& call, const NewCart& wanted) {
  const bool channels = call.on(schema::Flag::sales_channels);
  std::vector<db::Query> lookups{region_query(wanted.region_id)};
  if (channels) lookups.push_back(channel_query(wanted.sales_channel_id));
  if (wanted.customer_id) lookups.push_back(customer_query(*wanted.customer_id));
  if (!wanted.items.empty()) lookups.push_back(variants_query(call, wanted.items, "", wanted.sales_channel_id));
  const auto found = call.db().batch(std::move(lookups));
  std::size_t at = 1;
  Json cart = base::JsonObject{{"id", base::make_id("cart")}};
  const std::string cart_id = cart["id"].as_string();

  // 1. The region: the wanted one, else the first.
  if (!wanted.region_id && found[0].empty()) throw Error::invalid_data("A region is required to create a cart");
  // 2. The sales channel must exist and be enabled.
  if (channels) cart.set("sales_channel_id", channel_of(found[at++], wanted.sales_channel_id));
  // 3. The customer who is logged in.
  if (wanted.customer_id) {
    const auto customer = customer_of(found[at++]);
    if (!customer) throw Error::not_found("Customer with id: " + *wanted.customer_id + " was not found");
    cart.set("customer_id", customer->id);
    cart.set("email", customer->email);
  }
  if (found[0].empty()) throw Error::not_found("Region with " + *wanted.region_id + " was not found");
  cart.set("region_id", found[0].text(0, 0));
  // 4. The country: the wanted one must be the region's; a region of one country presets it.
  const Json countries = base::parse_json(found[0].text(0, 1));
  std::optional<std::string> country;
  if (wanted.country_code) {
    country = base::lower(*wanted.country_code);
    const auto& all = countries.as_array();
    if (std::find(all.begin(), all.end(), Json(*country)) == all.end())
      throw Error::not_allowed("Shipping country not in region");
  } else if (countries.size() == 1) {
    country = countries.as_array()[0].as_string();
  }
  std::vector<db::Query> writes;
  if (country) {
    Json address = base::JsonObject{{"country_code", *country}};
    writes.push_back(query::insert(schema::get("Address"), address));
    cart.set("shipping_address_id", address["id"]);
  }
  cart.set("context", wanted.context);
  writes.push_back(query::insert(schema::get("Cart"), cart));

  // 5. The items, as if they were added one after the other to the empty cart.
  if (!wanted.items.empty()) {
    auto variants = variants_of(found[at++], wanted.items);
    check_may_be_bought(call, wanted.items, variants);
    const Buyer buyer{cart["region_id"].as_string(), wanted.customer_id};
    std::vector<PriceQuestion> questions;
    const auto last = last_quantities(wanted.items);
    for (const auto& item : wanted.items) {
      const auto& id = item.variant_id;
      questions.push_back({id, facts_of(variants, id).product_id, last.at(id)});
    }
    const auto prices = prices_of(call, buyer, questions);
    base::JsonArray items;
    for (std::size_t i = 0; i < wanted.items.size(); i++) {
      const auto& item = wanted.items[i];
      items.push_back(make_item(call, cart_id, facts_of(variants, item.variant_id), item, prices[i]));
    }
    check_sales_channel(call, wanted.items, variants);
    ask_inventory(call, variants, cart["sales_channel_id"].is_string() ? cart["sales_channel_id"].as_string() : "");
    for (const auto& item : wanted.items) refuse_out_of_stock(facts_of(variants, item.variant_id), item.quantity);
    writes.push_back(query::insert(schema::get("LineItem"), items));
  }
  call.emit("cart.created", base::JsonObject{{"id", cart_id}});
  if (!wanted.items.empty()) call.emit("cart.updated", base::JsonObject{{"id", cart_id}});
  return {cart_id, std::move(writes)};
}

} // namespace commerce::cart
