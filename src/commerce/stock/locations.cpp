#include "commerce/stock/locations.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "commerce/stock/modules.hpp"
#include "commerce/stock/tables.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"

namespace commerce::stock {
namespace {

using base::Error;
using http::By;
using http::Change;
using http::Is;
using http::Presence;
using http::QueryUse;

const http::Rules kAddress{{{"address_1", Is::string},
                            {"address_2", Is::string, Presence::optional},
                            {"company", Is::string, Presence::optional},
                            {"city", Is::string, Presence::optional},
                            {"country_code", Is::string},
                            {"phone", Is::string, Presence::optional},
                            {"postal_code", Is::string, Presence::optional},
                            {"province", Is::string, Presence::optional}}};

http::Rules body(Presence name) {
  return {{{"name", Is::string, name},
           {"address", Is::nested, Presence::optional, &kAddress},
           {"address_id", Is::string, Presence::optional},
           {"metadata", Is::object, Presence::optional}}};
}

void add_address(Change& change) {
  base::Json address = change.body()["address"];
  change.ahead.push_back(query::insert(schema::get("StockLocationAddress"), address));
  change.values.set("address_id", address["id"]);
}

// Medusa 1.20: StockLocationService.create
void prepare_new(Change& change) {
  const std::string name(base::trim(change.body()["name"].as_string()));
  if (name.empty()) throw Error::invalid_data("name should not be empty");
  change.values.set("name", name);
  if (change.body()["address"].is_object() && !change.body()["address_id"].truthy()) add_address(change);
}

// Medusa 1.20: StockLocationService.update. The address that it has is changed, also where other locations share it.
void change_address(Change& change) {
  if (!change.body()["address"].is_object()) return;
  const auto address_id = query::RowOf<table::StockLocation>(*change.before).optional_text("address_id");
  if (!address_id) return add_address(change);
  static const db::Statement exists(
      "SELECT 1 FROM stock_location_address WHERE id = $1 AND deleted_at IS NULL FOR UPDATE");
  if (change.call.db().run(exists, db::Params::of(*address_id)).empty())
    throw Error::not_found("StockLocation address with id " + *address_id + " was not found");
  change.ahead.push_back(query::update(schema::get("StockLocationAddress"), *address_id, change.body()["address"]));
}

// Medusa 1.20: the handler of DELETE /admin/stock-locations/:id. What is stocked and reserved there goes with it.
void remove_what_is_there(Change& change) {
  if (change.call.on(schema::Flag::sales_channels))
    change.ahead.push_back(query::erase_where(schema::get("SalesChannelLocation"), "location_id", {change.id}));
  if (!enabled(change.call, Module::inventory)) return;
  static const db::Statement levels(
      "UPDATE inventory_level SET deleted_at = now() WHERE location_id = $1 AND deleted_at IS NULL");
  static const db::Statement reservations(
      "UPDATE reservation_item SET deleted_at = now() WHERE location_id = $1 AND deleted_at IS NULL");
  // Reservations first, as everybody locks them.
  change.behind.push_back({reservations, db::Params::of(change.id)});
  change.behind.push_back({levels, db::Params::of(change.id)});
  const base::JsonArray ids{change.id};
  change.call.emit("inventory-level.deleted", base::JsonObject{{"location_ids", ids}});
  change.call.emit("reservation-item.deleted", base::JsonObject{{"location_id", change.id}});
}

void prepare_list(http::Context& context, const query::Wanted&, query::Read& read) {
  // Quirk: beside a search the name doesn't filter.
  if (context.query()["q"].truthy())
    std::erase_if(read.where, [](const auto& condition) { return condition.column == "name"; });
  const auto& asked = context.query()["sales_channel_id"];
  if (asked.is_nullish()) return;
  std::vector<std::string> ids;
  if (asked.is_string()) ids.push_back(asked.as_string());
  if (asked.is_array())
    for (const auto& id : asked.as_array()) ids.push_back(id.as_string());
  static const db::Statement known("SELECT 1 FROM sales_channel WHERE id = ANY($1) AND deleted_at IS NULL LIMIT 1");
  if (context.call.db().run(known, db::Params::of(ids)).empty())
    throw Error::not_found("Sales channel with id: " + base::join(ids, ", ") + " was not found");
}

http::Resource locations() {
  return http::Resource{
      .path = "/admin/stock-locations",
      .entity = "StockLocation",
      .one = "stock_location",
      .many = "stock_locations",
      .not_found = "StockLocation with id {id} was not found",
      .read = {.fields = {"id", "name", "address_id", "metadata", "created_at", "updated_at"}},
      .filters =
          {{"id", By::text_or_list},
           {"name", By::text_or_list},
           {"address_id", By::text_or_list},
           {"sales_channel_id", By::text_or_list,
            "t.id IN (SELECT l.location_id FROM sales_channel_location l JOIN sales_channel s ON s.id = "
            "l.sales_channel_id WHERE l.deleted_at IS NULL AND s.deleted_at IS NULL AND s.id = ANY($?::text[]))"}},
      .search = "t.name ILIKE $?",
      .limit = 20,
      .auth = http::Auth::admin,
      .prepare = prepare_list}
      .list()
      .retrieve()
      .create({.body = body(Presence::not_empty_first),
               .hook = prepare_new,
               .event = "stock-location.created",
               .metadata = http::Metadata::merged,
               .query = QueryUse::read})
      .update({.body = body(Presence::optional),
               .hook = change_address,
               .event = "stock-location.updated",
               .metadata = http::Metadata::merged,
               .query = QueryUse::read})
      .remove({.object = "stock_location",
               .missing = http::Missing::overlooked,
               .hook = remove_what_is_there,
               .event = "stock-location.deleted"});
}

} // namespace

http::Routes location_routes() { return needing(Module::stock_location, locations().routes()); }

} // namespace commerce::stock
