// What a fulfilment takes from a location: arithmetic over structs, without a database. Called by `reservations` with rows that
// are locked; pure, any thread.
#pragma once
#include "commerce/stock/allocation.hpp"
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace commerce::stock {

// Units of a line item that leave or return.
struct Moved {
  std::string line_item_id, variant_id, title;
  std::int64_t quantity = 0;
};

// An inventory item of a variant, with the level that it has at a location.
struct AtLocation {
  std::string variant_id, inventory_item_id, level_id; // no id: not stocked there
  std::int64_t required = 1, stocked = 0;
};

// By how much levels change, by inventory item and location.
struct LevelChange {
  std::int64_t stocked = 0, reserved = 0;
  bool operator==(const LevelChange&) const = default;
};
using LevelChanges = std::map<std::pair<std::string, std::string>, LevelChange>;

struct Taking {
  LevelChanges levels{};
  std::map<std::string, std::int64_t> left{}; // of the reservations that get smaller, by id; 0: it goes
};
// Takes `moved` from the shelves of the location and uses up what was reserved for it, wherever. Throws not_allowed where the
// location lacks something. Medusa 1.20: validateInventoryAtLocation, adjustReservationsQuantityByLineItem, adjustInventory
Taking plan_taking(std::string_view location_id, const std::vector<Moved>& moved, const std::vector<Held>& held,
                   std::vector<AtLocation> shelves);

} // namespace commerce::stock
