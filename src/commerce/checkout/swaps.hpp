// What the cart of a swap has besides other carts: lines that come back keep the taxes that they were bought with.
// Owns nothing. Called by Attempt, on the fiber of the request.
#pragma once
#include "commerce/totals/totals.hpp"
#include "db/db.hpp"
#include <string>
#include <vector>

namespace commerce::checkout {

// The tax lines of the cart's items that come back.
db::Command lines_of_returned(const std::string& cart_id);
void give_returned_lines(std::vector<totals::Item>& items, const db::Result& lines);

} // namespace commerce::checkout
