#include "commerce/stock/inventory_items.hpp"
#include "base/error.hpp"
#include "commerce/stock/levels.hpp"
#include "commerce/stock/modules.hpp"
#include "db/batch.hpp"
#include "http/resource.hpp"
#include "query/write.hpp"

namespace commerce::stock {
namespace {

using base::Error;
using base::Json;
using http::By;
using http::Change;
using http::Context;
using http::Is;
using http::Presence;
using http::QueryUse;
using Ids = std::vector<std::string>;

const std::vector<std::string> kFields{
    "id",        "sku",      "title",  "description", "thumbnail", "origin_country", "hs_code",  "requires_shipping",
    "mid_code",  "material", "weight", "length",      "height",    "width",          "metadata", "created_at",
    "updated_at"};

// --- items ---------------------------------------------------------------------------------------------------------

const std::vector<http::Rule> kItemRules{
    {"sku", Is::string_or_none, Presence::optional}, {"origin_country", Is::string, Presence::optional},
    {"hs_code", Is::string, Presence::optional},     {"mid_code", Is::string, Presence::optional},
    {"material", Is::string, Presence::optional},    {"weight", Is::number, Presence::optional},
    {"height", Is::number, Presence::optional},      {"length", Is::number, Presence::optional},
    {"width", Is::number, Presence::optional},       {"title", Is::string, Presence::optional},
    {"description", Is::string, Presence::optional}, {"thumbnail", Is::string, Presence::optional}};

http::Rules create_body() {
  http::Rules rules{{{"variant_id", Is::string, Presence::optional}}};
  rules.rows.insert(rules.rows.end(), kItemRules.begin(), kItemRules.end());
  rules.rows.push_back({"metadata", Is::object, Presence::optional});
  return rules;
}
http::Rules update_body() {
  http::Rules rules{kItemRules};
  rules.rows.push_back({"requires_shipping", Is::boolean, Presence::optional});
  return rules;
}

// Medusa 1.20: the handler of POST /admin/inventory-items. A variant has one item at most.
void attach(Change& change) {
  const Json& variant_id = change.body()["variant_id"];
  if (!variant_id.truthy()) throw Error::not_allowed("variant_id is required");
  static const db::Statement lock(
      "SELECT 1 FROM product_variant WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE");
  static const db::Statement attached(
      "SELECT 1 FROM product_variant_inventory_item WHERE variant_id = $1 AND deleted_at IS NULL");
  const auto& id = variant_id.as_string();
  db::Batch batch;
  const auto variant = batch.add({lock, db::Params::of(id)});
  const auto item = batch.add({attached, db::Params::of(id)});
  batch.run(change.call.db());
  if (variant->empty()) throw Error::not_found("Variants not found for the following ids: " + id);
  if (!item->empty()) throw Error::not_allowed("Inventory Item already exists for this variant");
  Json link = base::JsonObject{{"inventory_item_id", change.id}, {"variant_id", id}, {"required_quantity", 1}};
  change.behind.push_back(query::insert(schema::get("ProductVariantInventoryItem"), link));
  change.call.emit("inventory-item.created", base::JsonObject{{"ids", base::JsonArray{change.id}}});
}

// Medusa 1.20: InventoryItemService.update tells of changes only.
void tell_of_change(Change& change, const query::Row&) {
  if (change.values.size()) change.call.emit("inventory-item.updated", base::JsonObject{{"id", change.id}});
}

// Medusa 1.20: ProductVariantInventoryService.detachInventoryItem, InventoryService.deleteInventoryItem
void detach(Change& change) {
  static const db::Statement levels(
      "UPDATE inventory_level SET deleted_at = now() WHERE inventory_item_id = $1 AND deleted_at IS NULL");
  change.ahead.push_back(
      query::erase_where(schema::get("ProductVariantInventoryItem"), "inventory_item_id", {change.id}));
  change.ahead.push_back({levels, db::Params::of(change.id)});
  change.call.emit("inventory-level.deleted", base::JsonObject{{"inventory_item_id", change.id}});
  change.call.emit("inventory-item.deleted", base::JsonObject{{"ids", change.id}});
}

Places places_of(const Json& asked) {
  Places places;
  if (asked.is_string() && !asked.as_string().empty()) places.push_back(asked.as_string());
  if (asked.is_array())
    for (const auto& id : asked.as_array()) places.push_back(id.as_string());
  return places;
}

void load_levels_and_variants(Context&, const query::Wanted&, query::Read& read) {
  load_levels(read.selection);
  read.selection.with("variants").with("product");
}
void show_levels_and_variants(Context& context, const query::Wanted&, const query::Tree& tree) {
  add_levels(tree.rows<table::InventoryItem>(), places_of(context.query()["location_id"]), Relation::hidden);
}
void load_all_levels(Context&, const query::Wanted&, query::Read& read) { load_levels(read.selection); }
void show_all_levels(Context&, const query::Wanted& wanted, const query::Tree& tree) {
  add_levels(tree.rows<table::InventoryItem>(), {},
             wanted.has_relation("inventory_levels") ? Relation::shown : Relation::hidden);
}

// --- levels --------------------------------------------------------------------------------------------------------

const http::Rules kNewLevel{.rows = {{"location_id", Is::string},
                                     {"stocked_quantity", Is::number},
                                     {"incoming_quantity", Is::number, Presence::optional}},
                            .of = "InventoryLevel"};
const http::Rules kLevel{.rows = {{"incoming_quantity", Is::not_negative, Presence::optional},
                                  {"stocked_quantity", Is::not_negative, Presence::optional}},
                         .of = "InventoryLevel"};
const http::Rules kLevelsOfItem{{{"location_id", Is::each_string, Presence::optional},
                                 {"fields", Is::string, Presence::optional},
                                 {"expand", Is::string, Presence::optional}}};

// Medusa 1.20: the handler of POST /admin/inventory-items/:id/location-levels
void add_level(Change& change) {
  const auto& body = change.body();
  if (enabled(change.call, Module::stock_location)) {
    static const db::Statement location("SELECT 1 FROM stock_location WHERE id = $1 AND deleted_at IS NULL FOR SHARE");
    if (change.call.db().run(location, db::Params::of(body["location_id"].as_string())).empty())
      throw Error::not_found("StockLocation with id " + body["location_id"].as_string() + " was not found");
  }
  // A level that was removed stands in the way of the unique index.
  static const db::Statement clear(
      "DELETE FROM inventory_level WHERE inventory_item_id = $1 AND location_id = $2 AND deleted_at IS NOT NULL");
  Json level = base::JsonObject{{"inventory_item_id", change.id},
                                {"location_id", body["location_id"]},
                                {"stocked_quantity", body["stocked_quantity"]}};
  if (!body["incoming_quantity"].is_nullish()) level.set("incoming_quantity", body["incoming_quantity"]);
  change.ahead.push_back({clear, db::Params::of(change.id, body["location_id"].as_string())});
  change.ahead.push_back(query::insert(schema::get("InventoryLevel"), level));
  change.call.emit("inventory-level.created", base::JsonObject{{"ids", base::JsonArray{level["id"]}}});
}

// The level of the item at that location, locked.
db::Result lock_level(Change& change, const std::string& location_id) {
  static const db::Statement statement(
      "SELECT id, reserved_quantity, stocked_quantity, incoming_quantity FROM inventory_level "
      "WHERE inventory_item_id = $1 AND location_id = $2 AND deleted_at IS NULL FOR NO KEY UPDATE");
  return change.call.db().run(statement, db::Params::of(change.id, location_id));
}

// Medusa 1.20: InventoryService.updateInventoryLevel
void change_level(Change& change, const Ids& locations) {
  const auto level = lock_level(change, locations[0]);
  if (level.empty()) throw Error::not_found("Item " + change.id + " is not stocked at location " + locations[0]);
  Json changes = base::JsonObject{{"id", level.text(0, 0)}};
  const auto put = [&](std::string_view name, int column) {
    const Json& value = change.body()[name];
    if (!value.is_nullish() && !(value == Json(level.integer(0, column)))) changes.set(name, value);
  };
  put("stocked_quantity", 2);
  put("incoming_quantity", 3);
  if (changes.size() == 1) return;
  change.ahead.push_back(query::update_each(schema::get("InventoryLevel"), {changes}));
  change.call.emit("inventory-level.updated", base::JsonObject{{"id", changes["id"]}});
}

// Medusa 1.20: the handler of DELETE /admin/inventory-items/:id/location-levels/:location_id
void remove_level(Change& change, const Ids& locations) {
  const auto level = lock_level(change, locations[0]);
  if (level.empty()) return;
  if (level.integer(0, 1) > 0)
    throw Error::not_allowed("Cannot remove Inventory Level " + change.id + " at Location " + locations[0] +
                             " because there are reserved items.");
  const std::string id(level.text(0, 0));
  change.ahead.push_back(query::remove(schema::get("InventoryLevel"), {id}));
  change.call.emit("inventory-level.deleted", base::JsonObject{{"ids", id}});
}

// Medusa 1.20: GET /admin/inventory-items/:id/location-levels. Quirk: an item that is not there has no levels.
void list_levels(Context& context) {
  static const query::Grammar grammar{.fields = {"id", "inventory_item_id", "location_id", "stocked_quantity",
                                                 "reserved_quantity", "incoming_quantity", "metadata", "created_at",
                                                 "updated_at"}};
  const auto& entity = schema::get("InventoryLevel");
  const auto wanted = query::resolve(entity, context.call.flags, grammar, context.query(), query::Many::no);
  const std::string& id = context.param("id");
  query::Read read{.entity = &entity,
                   .selection = wanted.selection,
                   .where = {{"inventory_item_id", query::Operator::equal, {id}}},
                   .order = {{"created_at"}, {"id"}}};
  if (const auto places = places_of(context.query()["location_id"]); !places.empty())
    read.where.push_back({"location_id", query::Operator::in, places});
  const auto tree = query::read(context.call.db(), context.call.flags, read);
  std::string json;
  base::JsonWriter writer(json);
  writer.open_object().key("inventory_item").open_object().key("id").string(id).key("location_levels");
  query::write_rows(writer, tree.rows());
  writer.close_object().close_object();
  context.json(std::move(json));
}

// --- a variant's inventory -----------------------------------------------------------------------------------------

// Medusa 1.20: GET /admin/variants/:id/inventory
void variant_inventory(Context& context) {
  static const db::Statement variant("SELECT 1 FROM product_variant WHERE id = $1 AND deleted_at IS NULL");
  // What each channel's locations are good for; 1.20 says null where a channel has locations but none stocks the item.
  static const db::Statement channels(
      "SELECT s.name, s.id, coalesce((SELECT min(floor((SELECT coalesce(sum(l.stocked_quantity - l.reserved_quantity), 0) "
      "FROM inventory_level l WHERE l.inventory_item_id = i.inventory_item_id AND l.deleted_at IS NULL AND l.location_id IN "
      "(SELECT c.location_id FROM sales_channel_location c WHERE c.sales_channel_id = s.id AND c.deleted_at IS NULL)) "
      "/ greatest(i.required_quantity, 1))) FROM product_variant_inventory_item i WHERE i.variant_id = $1 AND "
      "i.deleted_at IS NULL), 0)::int FROM sales_channel s WHERE s.deleted_at IS NULL ORDER BY s.created_at, s.id");
  const std::string& id = context.param("id");
  db::Batch batch;
  const auto known = batch.add({variant, db::Params::of(id)});
  db::Batch::Slot by_channel;
  if (context.call.on(schema::Flag::sales_channels)) by_channel = batch.add({channels, db::Params::of(id)});
  batch.run(context.call.db());
  if (known->empty()) throw Error::not_found("Variant with id: " + id + " was not found");
  query::Read read{
      .entity = &schema::get("InventoryItem"),
      .where = {{"EXISTS (SELECT 1 FROM product_variant_inventory_item i WHERE i.inventory_item_id = t.id AND "
                 "i.variant_id = $? AND i.deleted_at IS NULL)",
                 query::Operator::sql,
                 {id}}},
      .order = {{"created_at"}, {"id"}}};
  load_levels(read.selection);
  const auto items = query::read(context.call.db(), context.call.flags, read);
  add_levels(items.rows<table::InventoryItem>(), {}, Relation::hidden);
  std::string json;
  base::JsonWriter writer(json);
  writer.open_object().key("variant").open_object().key("id").string(id).key("inventory");
  query::write_rows(writer, items.rows());
  writer.key("sales_channel_availability").open_array();
  if (items.root->size() && by_channel)
    for (int row = 0; row < by_channel->rows(); row++)
      writer.open_object()
          .key("channel_name")
          .string(by_channel->text(row, 0))
          .key("channel_id")
          .string(by_channel->text(row, 1))
          .key("available_quantity")
          .integer(by_channel->integer(row, 2))
          .close_object();
  writer.close_array().close_object().close_object();
  context.json(std::move(json));
}

// --- routes --------------------------------------------------------------------------------------------------------

http::Resource items() {
  return {
      .path = "/admin/inventory-items",
      .entity = "InventoryItem",
      .one = "inventory_item",
      .many = "inventory_items",
      .not_found = "InventoryItem with id {id} was not found",
      .read = {.fields = kFields},
      .filters = {{"id", By::text_or_list},
                  {"location_id", By::text_or_list,
                   "EXISTS (SELECT 1 FROM inventory_level l WHERE l.inventory_item_id = t.id AND l.deleted_at IS NULL "
                   "AND l.location_id = ANY($?::text[]))"},
                  {"sku", By::text_or_list},
                  {"origin_country", By::text_or_list},
                  {"mid_code", By::text_or_list},
                  {"material", By::text_or_list},
                  {"hs_code", By::text_list_or_comparison},
                  {"weight", By::number},
                  {"length", By::number},
                  {"height", By::number},
                  {"width", By::number},
                  {"requires_shipping", By::boolean}},
      .search = "t.sku ILIKE $? OR t.description ILIKE $? OR t.title ILIKE $?",
      .limit = 20,
      .auth = http::Auth::admin};
}

} // namespace

http::Routes item_routes() {
  http::Resource list = items();
  list.prepare = load_levels_and_variants;
  list.decorate = show_levels_and_variants;
  http::Resource one = items();
  one.prepare_one = load_all_levels;
  one.decorate = show_all_levels;
  http::Resource writes = items();
  writes.create({.body = create_body(), .hook = attach, .answer = http::Answer::saved, .query = QueryUse::read})
      .update({.body = update_body(), .query = QueryUse::read, .after = tell_of_change})
      .remove({.object = "inventory_item", .missing = http::Missing::overlooked, .hook = detach})
      .act("/location-levels", {.body = kNewLevel, .hook = add_level, .query = QueryUse::read})
      .link({.path = "/location-levels/:location_id",
             .ids = "location_id",
             .body = kLevel,
             .hook = change_level,
             .query = QueryUse::read})
      .unlink({.path = "/location-levels/:location_id",
               .ids = "location_id",
               .hook = remove_level,
               .shows = query::Grammar{}});
  http::Routes routes;
  for (const auto& part : {list.list().routes(), one.retrieve().routes(), writes.routes()})
    routes.insert(routes.end(), part.begin(), part.end());
  routes.push_back({.path = "/admin/inventory-items/:id/location-levels",
                    .handler = list_levels,
                    .auth = http::Auth::admin,
                    .query_rules = &kLevelsOfItem});
  routes.push_back({.path = "/admin/variants/:id/inventory", .handler = variant_inventory, .auth = http::Auth::admin});
  return needing(Module::inventory, std::move(routes));
}

} // namespace commerce::stock
