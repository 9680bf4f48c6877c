// Stock of variants, as the column inventory_quantity holds it: what is sold is taken under lock, all of an order or
// nothing. Called by Sale (sale.hpp), on the fiber of the request, inside the transaction of the order.
// Medusa 1.20: ProductVariantInventoryService.confirmInventory and reserveQuantity without an inventory module.
#pragma once
#include "base/error.hpp"
#include "commerce/stock/allocation.hpp"
#include "commerce/stock/backorder.hpp"
#include "db/db.hpp"
#include <optional>
#include <string>
#include <vector>

namespace commerce::stock {

// What a variant had when it was asked for, locked.
struct Level {
  std::string variant_id;
  std::int64_t available = 0;
  bool limited = false; // manage_inventory without allow_backorder
};

// Locks the variants in the order of their ids (so that two orders never wait for each other in a circle) and takes
// the quantities of all, or of none when one of them falls short. Rows: see levels_of().
db::Command take(const std::vector<Wish>& wishes, Backorder backorder = Backorder::by_variant);
// The same without taking anything.
db::Command look(const std::vector<Wish>& wishes, Backorder backorder = Backorder::by_variant);
std::vector<Level> levels_of(const db::Result& result);

// The refusals, one for each wish that can't be met, in their order; empty when all was (or could be) taken. Wishes
// for one variant add up.
std::vector<base::Error> refusals(const std::vector<Wish>& wishes, const std::vector<Level>& levels);

} // namespace commerce::stock
