#include "commerce/stock/reservations_admin.hpp"
#include "base/error.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/stock/modules.hpp"
#include "commerce/stock/reservations.hpp"
#include "commerce/stock/tables.hpp"
#include "commerce/values.hpp"
#include "db/batch.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"
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

db::Command change_reserved(const std::string& item_id, const std::string& location_id, std::int64_t by) {
  static const db::Statement statement(
      "UPDATE inventory_level SET reserved_quantity = reserved_quantity + $3, updated_at = now() "
      "WHERE inventory_item_id = $1 AND location_id = $2 AND deleted_at IS NULL");
  return {statement, db::Params::of(item_id, location_id, by)};
}

constexpr const char* kTooMuch = "The reservation quantity cannot be greater than the unfulfilled line item quantity";

// How many units of a line item wait to be packed and have no reservation but those named: the first less the second, behind
// the lock.
struct OpenUnits {
  db::Batch::Slot left, reserved;
};
OpenUnits open_units(db::Batch& batch, const std::string& line_item_id, const std::vector<std::string>& but_for = {}) {
  static const db::Statement lock(
      "SELECT quantity - coalesce(fulfilled_quantity, 0) FROM line_item WHERE id = $1 FOR NO KEY UPDATE");
  static const db::Statement reserved(
      "SELECT coalesce(sum(quantity), 0) FROM reservation_item WHERE line_item_id = $1 AND NOT id = ANY($2) AND "
      "deleted_at IS NULL");
  OpenUnits open;
  open.left = batch.add({lock, db::Params::of(line_item_id)});
  open.reserved = batch.add({reserved, db::Params::of(line_item_id, but_for)});
  return open;
}

// Locks the item's levels at these locations and then the line item, and refuses what 1.20 refuses. Each statement sees what
// the locks of the one before waited for.
// Medusa 1.20: validateUpdateReservationQuantity, InventoryService.ensureInventoryLevels
void check(Change& change, const std::string& item_id, const std::vector<std::string>& locations,
           const std::optional<std::string>& line_item_id, std::int64_t more) {
  static const db::Statement levels(
      "SELECT location_id FROM inventory_level WHERE inventory_item_id = $1 AND location_id = ANY($2) AND deleted_at IS NULL "
      "ORDER BY id FOR NO KEY UPDATE");
  db::Batch batch;
  const auto stocked_at = batch.add({levels, db::Params::of(item_id, locations)});
  OpenUnits open;
  if (line_item_id) open = open_units(batch, *line_item_id);
  batch.run(change.call.db());
  if (line_item_id) {
    if (open.left->empty()) throw Error::not_found("Line item with " + *line_item_id + " was not found");
    if (open.reserved->integer(0, 0) + more > open.left->integer(0, 0)) throw Error::invalid_data(kTooMuch);
  }
  for (const auto& location : locations) {
    bool stocked = false;
    for (int row = 0; row < stocked_at->rows(); row++) stocked = stocked || stocked_at->text(row, 0) == location;
    if (!stocked) throw Error::not_found("Item " + item_id + " is not stocked at location " + location);
  }
}

// 1.20 takes negative ones, too.
std::int64_t quantity_of(const Json& value) {
  const auto quantity = static_cast<std::int64_t>(value.as_number());
  if (static_cast<double>(quantity) != value.as_number())
    throw Error::invalid_data("quantity must be an integer number");
  if (quantity < 0) throw Error::invalid_data("quantity must not be less than 0");
  return quantity;
}

// Medusa 1.20: the handler of POST /admin/reservations
void reserve_new(Change& change) {
  const auto& body = change.body();
  const auto& item_id = body["inventory_item_id"].as_string();
  const auto& location_id = body["location_id"].as_string();
  const auto quantity = quantity_of(body["quantity"]);
  check(change, item_id, {location_id}, optional_text(body["line_item_id"]), quantity);
  change.values.set("created_by", change.call.identity.user_id);
  change.behind.push_back(change_reserved(item_id, location_id, quantity));
  change.call.emit("reservation-item.created", base::JsonObject{{"ids", base::JsonArray{change.id}}});
}

// Medusa 1.20: ReservationItemService.update
void change_reservation(Change& change) {
  const query::RowOf<table::ReservationItem> before(*change.before);
  const std::string item_id = before.str("inventory_item_id"), location_id = before.str("location_id");
  const auto quantity = before.integer("quantity");
  const Json& wanted_quantity = change.body()["quantity"];
  const Json& wanted_location = change.body()["location_id"];
  if (wanted_quantity.is_null()) change.values.erase("quantity");
  if (wanted_location.is_null()) change.values.erase("location_id");
  const auto new_quantity = wanted_quantity.is_nullish() ? quantity : quantity_of(wanted_quantity);
  const std::string new_location = wanted_location.is_string() ? wanted_location.as_string() : location_id;
  const auto line_item_id = before.optional_text("line_item_id");
  if (new_quantity != quantity || new_location != location_id) {
    check(change, item_id,
          new_location == location_id ? std::vector{location_id} : std::vector{location_id, new_location},
          wanted_quantity.is_nullish() ? std::nullopt : line_item_id, new_quantity - quantity);
    change.behind.push_back(change_reserved(item_id, location_id, -quantity));
    change.behind.push_back(change_reserved(item_id, new_location, new_quantity));
  }
  change.call.emit("reservation-item.updated", base::JsonObject{{"id", change.id}});
}

// Medusa 1.20: ReservationItemService.delete
void give_up(Change& change) {
  const query::RowOf<table::ReservationItem> before(*change.before);
  change.behind.push_back(
      change_reserved(before.str("inventory_item_id"), before.str("location_id"), -before.integer("quantity")));
  change.call.emit("reservation-item.deleted", base::JsonObject{{"ids", change.id}});
}

// Medusa 1.20: joinLineItems, joinInventoryItems
void load_orders(Context&, const query::Wanted&, query::Read& read) {
  if (auto* line_item = read.selection.child("line_item")) line_item->selection.with("order");
  if (auto* item = read.selection.child("inventory_item")) item->place = query::Place::last;
}
void show_joined(Context&, const query::Wanted& wanted, const query::Tree& tree) {
  for (const auto& row : tree.rows<table::ReservationItem>())
    if (const auto item = wanted.has_relation("line_item") ? row.one<table::LineItem>("line_item") : std::nullopt)
      if (const auto order = item->one<table::Order>("order"))
        item->compute("order", R"({"object":"order",)" + query::row_json(*order).substr(1));
  for (const std::string_view relation : {"line_item", "inventory_item"}) {
    if (!wanted.has_relation(relation)) continue;
    for (const auto& row : tree.rows())
      if (!row.one(relation)) row.compute(relation, std::string());
  }
}

http::Resource reservations() {
  return {.path = "/admin/reservations",
          .entity = "ReservationItem",
          .one = "reservation",
          .many = "reservations",
          .not_found = "Reservation with id {id} not found",
          .filters = {{"location_id", By::text_or_list},
                      {"inventory_item_id", By::list},
                      {"line_item_id", By::list},
                      {"created_by", By::list},
                      {"quantity", By::number},
                      {"created_at", By::date},
                      {"updated_at", By::date},
                      {"description", By::text_list_or_comparison}},
          .limit = 20,
          .paged = http::Paged::limit_first,
          .auth = http::Auth::admin};
}

// Medusa 1.20: GET /admin/orders/:id/reservations
void list_of_order(Context& context) {
  static const db::Statement items(
      "SELECT i.id FROM \"order\" o LEFT JOIN line_item i ON i.order_id = o.id WHERE o.id = $1");
  const auto& entity = schema::get("ReservationItem");
  const auto wanted = query::resolve(entity, context.call.flags, {}, context.query(), query::Many::yes);
  const std::string& id = context.param("id");
  const auto found = context.call.db().run(items, db::Params::of(id));
  if (found.empty()) throw Error::not_found("Order with id " + id + " was not found");
  std::vector<std::string> ids;
  for (int row = 0; row < found.rows(); row++)
    if (!found.is_null(row, 0)) ids.emplace_back(found.text(row, 0));
  constexpr std::int64_t default_limit = 20;
  query::Read read{.entity = &entity,
                   .selection = wanted.selection,
                   .where = {{"line_item_id", query::Operator::in, ids}},
                   .order = wanted.order,
                   .count = true};
  http::add_page(context.query(), default_limit, read);
  const auto tree = query::read(context.call.db(), context.call.flags, read);
  std::string json;
  base::JsonWriter writer(json);
  writer.open_object().key("reservations");
  query::write_rows(writer, tree.rows());
  const Json& limit = context.query()["limit"];
  writer.key("count").integer(tree.count);
  writer.key("limit").integer(limit.is_number() ? limit.as_int() : default_limit).key("offset").integer(read.offset);
  writer.close_object();
  context.json(std::move(json));
}

const http::Rules kReserve{.rows = {{"location_id", Is::string}, {"quantity", Is::positive, Presence::optional}},
                           .of = "ReservationItem"};

// Medusa 1.20: POST /admin/orders/:id/line-items/:line_item_id/reserve, which takes no body there and so never gets to work.
void reserve_line_item(Context& context) {
  static const db::Statement line_item(
      "SELECT i.variant_id, i.quantity FROM line_item i JOIN \"order\" o ON o.id = i.order_id WHERE o.id = $1 AND i.id = $2 "
      "FOR UPDATE OF o");
  const std::string& item_id = context.param("line_item_id");
  const Json& wanted = context.body()["quantity"];
  const auto ids = context.call.atomic([&] {
    const auto found = context.call.db().run(line_item, db::Params::of(context.param("id"), item_id));
    if (found.empty()) throw Error::not_found("Line item with " + item_id + " was not found");
    if (found.is_null(0, 0)) throw Error::not_found("Can't create a reservation for a Line Item wihtout a variant");
    const auto quantity = wanted.is_nullish() ? found.integer(0, 1) : wanted.as_int();
    auto made = reserve_at(context.call, context.body()["location_id"].as_string(),
                           {std::string(found.text(0, 0)), quantity, item_id});
    std::vector<std::string> own;
    for (const auto& id : made) own.push_back(id.as_string());
    db::Batch batch;
    const auto open = open_units(batch, item_id, own);
    batch.run(context.call.db());
    if (quantity > open.left->integer(0, 0) - open.reserved->integer(0, 0)) throw Error::invalid_data(kTooMuch);
    return made;
  });
  if (ids.empty()) throw Error::not_allowed("The variant of the line item has no inventory items");
  const query::Read read{.entity = &schema::get("ReservationItem")};
  context.json(http::one_json(
      "reservation", *query::read_one(context.call.db(), context.call.flags, read, ids.front().as_string()).first()));
}

} // namespace

http::Routes reservation_routes() {
  http::Resource list = reservations();
  list.read.fields = {"id",          "location_id", "inventory_item_id", "quantity",  "line_item_id",
                      "description", "metadata",    "created_at",        "updated_at"};
  list.prepare = load_orders;
  list.decorate = show_joined;
  http::Resource one = reservations();
  one.retrieve(QueryUse::ignored);
  http::Resource writes = reservations();
  writes.not_found = "ReservationItem with id {id} was not found";
  writes
      .create({.body = {{{"line_item_id", Is::string, Presence::optional},
                         {"location_id", Is::string},
                         {"inventory_item_id", Is::string},
                         {"quantity", Is::number},
                         {"description", Is::string, Presence::optional},
                         {"metadata", Is::object, Presence::optional}}},
               .hook = reserve_new,
               .answer = http::Answer::saved})
      .update({.body = {{{"quantity", Is::number, Presence::optional},
                         {"location_id", Is::string, Presence::optional},
                         {"description", Is::string, Presence::optional},
                         {"metadata", Is::object, Presence::optional}}},
               .hook = change_reservation})
      .remove({.object = "reservation", .missing = http::Missing::overlooked, .hook = give_up});
  static const http::Rules of_order = http::list_rules({});
  http::Routes routes;
  for (const auto& part : {list.list().routes(), one.routes(), writes.routes()})
    routes.insert(routes.end(), part.begin(), part.end());
  routes.push_back({.path = "/admin/orders/:id/reservations",
                    .handler = list_of_order,
                    .auth = http::Auth::admin,
                    .query_rules = &of_order});
  routes.push_back({.method = http::Method::post,
                    .path = "/admin/orders/:id/line-items/:line_item_id/reserve",
                    .handler = reserve_line_item,
                    .auth = http::Auth::admin,
                    .body_rules = &kReserve});
  return needing(Module::inventory, std::move(routes));
}

} // namespace commerce::stock
