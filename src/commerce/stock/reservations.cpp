#include "commerce/stock/reservations.hpp"
#include "base/strings.hpp"
#include "db/batch.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <map>
#include <set>

namespace commerce::stock {
namespace {

using base::Error;
using Ids = std::vector<std::string>;

// Written in one statement, in the order of the keys.
void write_levels(ports::Call& call, const LevelChanges& changes) {
  if (changes.empty()) return;
  static const db::Statement statement(
      "UPDATE inventory_level l SET stocked_quantity = l.stocked_quantity + c.stocked, "
      "reserved_quantity = l.reserved_quantity + c.reserved, updated_at = now() "
      "FROM unnest($1::text[], $2::text[], $3::int[], $4::int[]) AS c(item, location, stocked, reserved) "
      "WHERE l.inventory_item_id = c.item AND l.location_id = c.location AND l.deleted_at IS NULL");
  Ids items, locations;
  std::vector<std::int64_t> stocked, reserved;
  for (const auto& [key, change] : changes) {
    items.push_back(key.first);
    locations.push_back(key.second);
    stocked.push_back(change.stocked);
    reserved.push_back(change.reserved);
  }
  call.write_last({statement, db::Params::of(items, locations, stocked, reserved)});
}

Ids variants_of(const auto& parts) {
  std::set<std::string> ids;
  for (const auto& part : parts)
    if (!part.variant_id.empty()) ids.insert(part.variant_id);
  return {ids.begin(), ids.end()};
}

// The reservations of line items, newest first, locked in the order of their ids.
db::Command lock_held(const Ids& line_item_ids) {
  static const db::Statement statement(
      "WITH held AS MATERIALIZED (SELECT id, line_item_id, inventory_item_id, location_id, quantity, created_at "
      "FROM reservation_item WHERE line_item_id = ANY($1::text[]) AND deleted_at IS NULL ORDER BY id FOR UPDATE) "
      "SELECT id, line_item_id, inventory_item_id, location_id, quantity FROM held ORDER BY created_at DESC, id DESC");
  return {statement, db::Params::of(line_item_ids)};
}
std::vector<Held> held_of(const db::Result& result) {
  std::vector<Held> held;
  for (int row = 0; row < result.rows(); row++)
    held.push_back({std::string(result.text(row, 0)), std::string(result.text(row, 1)),
                    std::string(result.text(row, 2)), std::string(result.text(row, 3)), result.integer(row, 4)});
  return held;
}

// The inventory items of variants, with the locked level that each has at a location.
db::Command lock_at_location(std::string_view location_id, const Ids& variant_ids) {
  static const db::Statement statement(
      "WITH locked AS MATERIALIZED (SELECT l.id, l.inventory_item_id, l.location_id, l.stocked_quantity "
      "FROM inventory_level l WHERE l.deleted_at IS NULL AND l.inventory_item_id IN (SELECT i.inventory_item_id "
      "FROM product_variant_inventory_item i WHERE i.variant_id = ANY($2::text[]) AND i.deleted_at IS NULL) "
      "ORDER BY l.id FOR NO KEY UPDATE) "
      "SELECT i.variant_id, i.inventory_item_id, l.id, i.required_quantity, l.stocked_quantity "
      "FROM product_variant_inventory_item i "
      "LEFT JOIN locked l ON l.inventory_item_id = i.inventory_item_id AND l.location_id = $1 "
      "WHERE i.variant_id = ANY($2::text[]) AND i.deleted_at IS NULL ORDER BY i.id");
  return {statement, db::Params::of(location_id, variant_ids)};
}
std::vector<AtLocation> at_location_of(const db::Result& result) {
  std::vector<AtLocation> all;
  for (int row = 0; row < result.rows(); row++)
    all.push_back({std::string(result.text(row, 0)), std::string(result.text(row, 1)), std::string(result.text(row, 2)),
                   result.integer(row, 3), result.integer(row, 4)});
  return all;
}

void tell_of_levels(ports::Call& call, const std::vector<AtLocation>& levels) {
  std::set<std::string> told;
  for (const auto& level : levels)
    if (!level.level_id.empty() && told.insert(level.level_id).second)
      call.emit("inventory-level.updated", base::JsonObject{{"id", level.level_id}});
}

} // namespace

db::Command lock_shelves(const std::vector<Wish>& wishes, const std::optional<std::string>& sales_channel_id) {
  static const auto made = [](std::string_view places, std::string_view at_places) {
    return db::Statement(
        "WITH places AS (" + std::string(places) +
        "), "
        "locked AS MATERIALIZED (SELECT l.id, l.inventory_item_id, l.location_id, l.created_at, "
        "l.stocked_quantity - l.reserved_quantity AS left_over FROM inventory_level l WHERE l.deleted_at IS NULL "
        "AND l.inventory_item_id IN (SELECT i.inventory_item_id FROM product_variant_inventory_item i "
        "WHERE i.variant_id = ANY($1::text[]) AND i.deleted_at IS NULL)" +
        std::string(at_places) +
        " ORDER BY l.id FOR NO KEY UPDATE) "
        "SELECT v.id, v.manage_inventory, v.allow_backorder, EXISTS (SELECT 1 FROM places), i.inventory_item_id, "
        "i.required_quantity, l.location_id, l.left_over FROM product_variant v "
        "LEFT JOIN product_variant_inventory_item i ON i.variant_id = v.id AND i.deleted_at IS NULL "
        "LEFT JOIN locked l ON l.inventory_item_id = i.inventory_item_id "
        "WHERE v.id = ANY($1::text[]) AND v.deleted_at IS NULL ORDER BY v.id, i.id, l.created_at, l.id");
  };
  static const db::Statement anywhere = made("SELECT 1", "");
  static const db::Statement in_channel =
      made("SELECT l.location_id FROM sales_channel_location l JOIN sales_channel s ON s.id = l.sales_channel_id "
           "WHERE l.deleted_at IS NULL AND s.deleted_at IS NULL AND s.id = $2",
           " AND l.location_id IN (SELECT location_id FROM places)");
  const auto ids = variants_of(wishes);
  if (!sales_channel_id) return {anywhere, db::Params::of(ids)};
  return {in_channel, db::Params::of(ids, *sales_channel_id)};
}

std::vector<Stocked> stocked_of(const db::Result& result) {
  std::vector<Stocked> stock;
  for (int row = 0; row < result.rows(); row++) {
    if (stock.empty() || stock.back().variant_id != result.text(row, 0))
      stock.push_back(
          {std::string(result.text(row, 0)), result.boolean(row, 1), result.boolean(row, 2), result.boolean(row, 3)});
    if (result.is_null(row, 4)) continue;
    auto& components = stock.back().components;
    if (components.empty() || components.back().inventory_item_id != result.text(row, 4))
      components.push_back({std::string(result.text(row, 4)), result.integer(row, 5)});
    if (!result.is_null(row, 6))
      components.back().shelves.push_back({std::string(result.text(row, 6)), result.integer(row, 7)});
  }
  return stock;
}

base::JsonArray write_reservations(ports::Call& call, const std::vector<Reservation>& reservations) {
  if (reservations.empty()) return {};
  base::JsonArray rows;
  LevelChanges levels;
  for (const auto& one : reservations) {
    rows.push_back(base::JsonObject{{"line_item_id", one.line_item_id},
                                    {"inventory_item_id", one.inventory_item_id},
                                    {"location_id", one.location_id},
                                    {"quantity", one.quantity}});
    levels[{one.inventory_item_id, one.location_id}].reserved += one.quantity;
  }
  call.write_last(query::insert(schema::get("ReservationItem"), rows));
  write_levels(call, levels);
  base::JsonArray ids;
  for (const auto& row : rows) ids.push_back(row["id"]);
  call.emit("reservation-item.created", base::JsonObject{{"ids", ids}});
  return ids;
}

void reserve(ports::Call& call, const std::vector<Wish>& wishes, const std::optional<std::string>& sales_channel_id) {
  const auto allocation = allocate(wishes, stocked_of(call.db().run(lock_shelves(wishes, sales_channel_id))));
  if (!allocation.refusals.empty()) throw Error(allocation.refusals.front());
  write_reservations(call, allocation.reservations);
}

base::JsonArray reserve_at(ports::Call& call, std::string_view location_id, const Wish& wish) {
  std::vector<Reservation> reservations;
  for (const auto& shelf : at_location_of(call.db().run(lock_at_location(location_id, {wish.variant_id})))) {
    if (shelf.level_id.empty())
      throw Error::not_found("Item " + shelf.inventory_item_id + " is not stocked at location " +
                             std::string(location_id));
    reservations.push_back(
        {wish.line_item_id, shelf.inventory_item_id, std::string(location_id), shelf.required * wish.quantity});
  }
  return write_reservations(call, reservations);
}

void take_from(ports::Call& call, std::string_view location_id, const std::vector<Moved>& moved) {
  Ids line_items;
  for (const auto& part : moved) line_items.push_back(part.line_item_id);
  db::Batch batch;
  const auto reserved = batch.add(lock_held(line_items));
  const auto stocked = batch.add(lock_at_location(location_id, variants_of(moved)));
  batch.run(call.db());
  const auto shelves = at_location_of(*stocked);
  const auto taking = plan_taking(location_id, moved, held_of(*reserved), shelves);
  Ids gone;
  base::JsonArray smaller, gone_json;
  for (const auto& [id, quantity] : taking.left) {
    if (quantity > 0) {
      smaller.push_back(base::JsonObject{{"id", id}, {"quantity", quantity}});
      call.emit("reservation-item.updated", base::JsonObject{{"id", id}});
    } else {
      gone.push_back(id);
      gone_json.push_back(id);
    }
  }
  if (!gone.empty()) {
    call.write_last(query::remove(schema::get("ReservationItem"), gone));
    call.emit("reservation-item.deleted", base::JsonObject{{"ids", std::move(gone_json)}});
  }
  if (!smaller.empty()) call.write_last(query::update_each(schema::get("ReservationItem"), smaller));
  write_levels(call, taking.levels);
  tell_of_levels(call, shelves);
}

void put_back(ports::Call& call, std::string_view location_id, const std::vector<Moved>& moved) {
  const auto shelves = at_location_of(call.db().run(lock_at_location(location_id, variants_of(moved))));
  const std::string location(location_id);
  LevelChanges levels;
  for (const auto& part : moved)
    for (const auto& shelf : shelves) {
      if (shelf.variant_id != part.variant_id) continue;
      if (shelf.level_id.empty())
        throw Error::not_found("Inventory level for inventory item " + shelf.inventory_item_id + " and location " +
                               location + " not found");
      levels[{shelf.inventory_item_id, location}].stocked += shelf.required * part.quantity;
    }
  write_levels(call, levels);
  tell_of_levels(call, shelves);
}

void release(ports::Call& call, const std::vector<std::string>& line_item_ids) {
  if (line_item_ids.empty()) return;
  Ids ids;
  LevelChanges levels;
  for (const auto& held : held_of(call.db().run(lock_held(line_item_ids)))) {
    ids.push_back(held.id);
    levels[{held.inventory_item_id, held.location_id}].reserved -= held.quantity;
  }
  if (!ids.empty()) call.write_last(query::remove(schema::get("ReservationItem"), ids));
  write_levels(call, levels);
  base::JsonArray told(line_item_ids.begin(), line_item_ids.end());
  call.emit("reservation-item.deleted", base::JsonObject{{"line_item_id", std::move(told)}});
}

} // namespace commerce::stock
