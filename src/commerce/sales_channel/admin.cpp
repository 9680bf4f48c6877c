#include "commerce/sales_channel/admin.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "commerce/products_exist.hpp"
#include "commerce/sales_channel/tables.hpp"
#include "commerce/stock/modules.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"

namespace commerce::sales_channel {
namespace {

using base::Error;
using http::Answer;
using http::By;
using http::Change;
using http::Context;
using http::Is;
using http::Presence;
using http::QueryUse;
using Ids = std::vector<std::string>;

const http::Rules kProducts{{{"product_ids", Is::array, Presence::required, &http::kWithId}}};
const http::Rules kChannels{{{"sales_channel_ids", Is::array, Presence::required, &http::kWithId}}};
const http::Rules kLocation{{{"location_id", Is::string}}};

// --- channels ------------------------------------------------------------------------------------------------------

// Medusa 1.20: SalesChannelService.delete
void refuse_default(Change& change) {
  static const db::Statement is_default("SELECT 1 FROM store WHERE default_sales_channel_id = $1");
  if (!change.call.db().run(is_default, db::Params::of(change.id)).empty())
    throw Error::not_allowed("You cannot delete the default sales channel");
  if (!stock::enabled(change.call, stock::Module::stock_location)) return;
  static const db::Statement locations(
      "UPDATE sales_channel_location SET deleted_at = now() WHERE sales_channel_id = $1 AND deleted_at IS NULL");
  change.behind.push_back({locations, db::Params::of(change.id)});
}

// Medusa 1.20: SalesChannelLocationService.associateLocation
void add_location(Change& change, const Ids& ids) {
  stock::need(change.call, stock::Module::stock_location);
  static const db::Statement exists("SELECT 1 FROM stock_location WHERE id = $1 AND deleted_at IS NULL");
  if (change.call.db().run(exists, db::Params::of(ids.at(0))).empty())
    throw Error::not_found("StockLocation with id " + ids[0] + " was not found");
  base::Json row = base::JsonObject{{"sales_channel_id", change.id}, {"location_id", ids[0]}};
  change.ahead.push_back(query::insert(schema::get("SalesChannelLocation"), row));
}

// Medusa 1.20: SalesChannelLocationService.removeLocation
void remove_location(Change& change, const Ids& ids) {
  stock::need(change.call, stock::Module::stock_location);
  static const db::Statement statement(
      "DELETE FROM sales_channel_location WHERE sales_channel_id = $1 AND location_id = $2");
  change.ahead.push_back({statement, db::Params::of(change.id, ids.at(0))});
}

void say_location_removed(Change& change, const Ids&) {
  change.context.json(base::JsonObject{{"id", change.id}, {"object", "stock-location"}, {"deleted", true}});
}

// Quirk: a search shows the channels alone, and neither the name nor the description filters besides it.
void search_alone(Context& context, const query::Wanted&, query::Read& read) {
  if (!context.query()["q"].truthy()) return;
  read.selection = {};
  std::erase_if(read.where,
                [](const auto& condition) { return condition.column == "name" || condition.column == "description"; });
}

http::Resource channels() {
  return http::Resource{.path = "/admin/sales-channels",
                        .entity = "SalesChannel",
                        .one = "sales_channel",
                        .many = "sales_channels",
                        .not_found = "Sales channel with id: {id} was not found",
                        .filters = {{"id", By::text},
                                    {"name", By::text},
                                    {"description", By::text},
                                    {"created_at", By::date},
                                    {"updated_at", By::date},
                                    {"deleted_at", By::date}},
                        .search = "t.name ILIKE $? OR t.description ILIKE $?",
                        .limit = 20,
                        .auth = http::Auth::admin,
                        .flag = schema::Flag::sales_channels,
                        .prepare = search_alone}
      .list()
      .retrieve(QueryUse::ignored)
      .create({.body = {{{"name", Is::string},
                         {"description", Is::string, Presence::optional},
                         {"is_disabled", Is::boolean, Presence::optional}}},
               .event = "sales_channel.created",
               .answer = Answer::saved})
      .update({.body = {{{"name", Is::string, Presence::optional},
                         {"description", Is::string, Presence::optional},
                         {"is_disabled", Is::boolean, Presence::optional}}},
               .event = "sales_channel.updated"})
      .remove({.object = "sales-channel",
               .missing = http::Missing::overlooked,
               .hook = refuse_default,
               .event = "sales_channel.deleted"})
      .link({.path = "/products/batch",
             .ids = "product_ids",
             .table = "product_sales_channel",
             .own_column = "sales_channel_id",
             .other_column = "product_id",
             .not_found = "Sales_channel with sales_channel_id {id} does not exist.",
             .body = kProducts,
             .hook = refuse_unknown_products})
      .unlink({.path = "/products/batch",
               .ids = "product_ids",
               .table = "product_sales_channel",
               .own_column = "sales_channel_id",
               .other_column = "product_id",
               .body = kProducts})
      .link({.path = "/stock-locations", .ids = "location_id", .body = kLocation, .hook = add_location})
      .unlink({.path = "/stock-locations",
               .ids = "location_id",
               .body = kLocation,
               .hook = remove_location,
               .answer = say_location_removed});
}

// --- publishable keys ----------------------------------------------------------------------------------------------

void sign(Change& change) { change.values.set("created_by", change.call.identity.user_id); }

// Medusa 1.20: PublishableApiKeyService.revoke
void revoke(Change& change) {
  if (!query::RowOf<table::PublishableApiKey>(*change.before).is_null("revoked_at"))
    throw Error::not_allowed("PublishableApiKey has already been revoked.");
  change.values.set("revoked_at", base::iso_time(base::now()));
  change.values.set("revoked_by", change.call.identity.user_id);
}

void add_channels(Change& change, const Ids& ids) {
  if (ids.empty()) return;
  base::JsonArray rows;
  for (const auto& id : ids)
    rows.push_back(base::JsonObject{{"sales_channel_id", id}, {"publishable_key_id", change.id}});
  change.ahead.push_back(query::insert_or_ignore(schema::get("PublishableApiKeySalesChannel"), rows,
                                                 "sales_channel_id, publishable_key_id"));
}

http::Resource keys() {
  return http::Resource{.path = "/admin/publishable-api-keys",
                        .entity = "PublishableApiKey",
                        .one = "publishable_api_key",
                        .many = "publishable_api_keys",
                        .not_found = "Publishable key with id: {id} was not found",
                        .filters = {{"created_at", By::date}, {"updated_at", By::date}, {"revoked_at", By::date}},
                        .search = "t.title ILIKE $?",
                        .limit = 20,
                        .paged = http::Paged::limit_first,
                        .auth = http::Auth::admin} // Quirk: whatever the flag publishable_api_keys says
      .list()
      .retrieve(QueryUse::ignored)
      .create({.body = {{{"title", Is::string}}},
               .hook = sign,
               .event = "publishable_api_key.created",
               .answer = Answer::saved})
      .update({.body = {{{"title", Is::string, Presence::optional}}}})
      .act("/revoke", {.hook = revoke, .event = "publishable_api_key.revoked"})
      .remove({.object = "publishable_api_key"})
      .link({.path = "/sales-channels/batch", .ids = "sales_channel_ids", .body = kChannels, .hook = add_channels})
      .unlink({.path = "/sales-channels/batch",
               .ids = "sales_channel_ids",
               .table = "publishable_api_key_sales_channel",
               .own_column = "publishable_key_id",
               .other_column = "sales_channel_id",
               .body = kChannels});
}

// Quirk: a key that is not there has no channels.
void list_channels_of_key(Context& context) {
  query::Read read{
      .entity = &schema::get("SalesChannel"),
      .where = {{"EXISTS (SELECT 1 FROM publishable_api_key_sales_channel k WHERE k.sales_channel_id = t.id "
                 "AND k.publishable_key_id = $?)",
                 query::Operator::sql,
                 {context.param("id")}}}};
  if (const auto& q = context.query()["q"]; q.truthy()) {
    const auto pattern = "%" + q.as_string() + "%";
    read.where.push_back({"t.description ILIKE $? OR t.name ILIKE $?", query::Operator::sql, {pattern, pattern}});
  }
  context.json(http::rows_json("sales_channels", query::read(context.call.db(), context.call.flags, read)));
}
const http::Rules kChannelsOfKey{{{"q", Is::string, Presence::optional}}};

} // namespace

http::Routes admin_routes() {
  auto routes = channels().routes();
  const auto more = keys().routes();
  routes.insert(routes.end(), more.begin(), more.end());
  routes.push_back({.path = "/admin/publishable-api-keys/:id/sales-channels",
                    .handler = list_channels_of_key,
                    .auth = http::Auth::admin,
                    .query_rules = &kChannelsOfKey});
  return routes;
}

} // namespace commerce::sales_channel
