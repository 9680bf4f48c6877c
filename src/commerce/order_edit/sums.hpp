// What an order comes to with the items of an edit, and what the difference is. Pure: structs in, structs out; no database, any
// thread. Called by what shows edits, asks for their payment and completes them.
// Medusa 1.20: OrderEditService.decorateTotals
#pragma once
#include "commerce/totals/totals.hpp"
#include <vector>

namespace commerce::order_edit {

struct Sums {
  totals::OrderTotals edited; // with the edit's items, in their order
  double difference_due = 0;  // what is to be paid besides; below zero: what is to be given back
};

// `order`: as it is, with its own items. Both totals hold the order's shipping, discounts and gift cards.
Sums sums(totals::Order order, std::vector<totals::Item> items, tax::Inclusive inclusive);

} // namespace commerce::order_edit
