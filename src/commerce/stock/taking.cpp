#include "commerce/stock/taking.hpp"
#include <algorithm>

namespace commerce::stock {

using base::Error;

namespace {

// What is left of the reservations of one line item for one inventory item.
std::vector<Held> left_for(const std::vector<Held>& held, const Moved& part, const AtLocation& shelf,
                           const Taking& taking) {
  std::vector<Held> own;
  for (auto one : held) {
    if (one.line_item_id != part.line_item_id || one.inventory_item_id != shelf.inventory_item_id) continue;
    if (const auto before = taking.left.find(one.id); before != taking.left.end()) one.quantity = before->second;
    if (one.quantity > 0) own.push_back(std::move(one));
  }
  return own;
}

} // namespace

Taking plan_taking(std::string_view location_id, const std::vector<Moved>& moved, const std::vector<Held>& held,
                   std::vector<AtLocation> shelves) {
  const std::string location(location_id);
  Taking taking;
  for (const auto& part : moved)
    for (auto& shelf : shelves) {
      if (shelf.variant_id != part.variant_id) continue;
      // 1. The location must have it.
      if (shelf.level_id.empty())
        throw Error::not_allowed("Inventory item for " + part.title + " not found at location");
      const auto quantity = shelf.required * part.quantity;
      for (auto& same : shelves) // an item may serve several variants
        if (same.inventory_item_id == shelf.inventory_item_id) same.stocked -= quantity;
      if (shelf.stocked < 0) throw Error::not_allowed("Insufficient stock for item: " + part.title);
      taking.levels[{shelf.inventory_item_id, location}].stocked -= quantity;
      // 2. What was reserved for it is used up.
      const auto own = left_for(held, part, shelf, taking);
      for (const auto& reduced : use_up(own, location_id, quantity)) {
        const auto& one = *std::find_if(own.begin(), own.end(), [&](const Held& h) { return h.id == reduced.id; });
        taking.levels[{one.inventory_item_id, one.location_id}].reserved += reduced.left - one.quantity;
        taking.left[reduced.id] = reduced.left;
      }
    }
  return taking;
}

} // namespace commerce::stock
