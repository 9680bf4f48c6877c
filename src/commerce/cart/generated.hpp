// Line items that are made from variants for something else than a cart: what a claim or swap sends, what an edit adds. Owns
// nothing. Called by claims and whoever makes such items, on the fiber of the request.
#pragma once
#include "commerce/cart/line_items.hpp"

namespace commerce::cart {

// The columns of a line item for each wish, priced by the buyer's region and customer; without an owner, which the caller sets.
// Throws invalid_data for a variant that is not there or has no price. Two round trips, whatever the number of items.
// Medusa 1.20: LineItemService.generate
base::JsonArray generate_items(ports::Call& call, const Buyer& buyer, const std::vector<WantedItem>& wanted);

} // namespace commerce::cart
