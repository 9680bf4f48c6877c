// What was sold and is not wanted after all goes back to where its sale took it from: an order is canceled, an item leaves an
// order. Owns nothing. Called by whoever undoes a sale, on the fiber of the request, inside a transaction.
// Medusa 1.20: ProductVariantInventoryService.deleteReservationsByLineItem
#pragma once
#include "commerce/stock/reservations.hpp"
#include "ports/call.hpp"
#include <vector>

namespace commerce::stock {

// With the inventory module the line items' reservations go; without it the variants' column counts the units again. Variants
// that are gone are passed over (1.20 answers 404, and such an order can't be canceled).
void undo_sale(ports::Call& call, const std::vector<Moved>& unsold);

} // namespace commerce::stock
