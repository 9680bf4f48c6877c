// Inventory items with their levels, as the admin routes show them.
// Called by the routes of inventory items and variants, on the request's fiber.
#pragma once
#include "commerce/stock/tables.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <string>
#include <vector>

namespace commerce::stock {

// Loads the levels along with the items. `shown` says whether the relation itself is a member of the answer.
void load_levels(query::Selection& items);
// Which levels count: all, or those at these locations.
using Places = std::vector<std::string>;
enum class Relation { shown, hidden };
// Medusa 1.20: joinLevels. Computes `reserved_quantity`, `stocked_quantity` and `location_levels`.
void add_levels(const std::vector<query::RowOf<table::InventoryItem>>& items, const Places& places, Relation relation);

} // namespace commerce::stock
