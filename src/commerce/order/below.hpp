// What hangs on an order (a swap, a claim), loaded while the order's row is locked until the end of the transaction, in one
// round trip. Owns nothing. Called by what is done to swaps and claims, on the fiber of the request, inside a transaction.
#pragma once
#include "ports/call.hpp"
#include "query/query.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce::order {

// The row of that entity, or none: the caller says so in 1.20's words, and looks whether it is the order's.
query::Tree lock_below(ports::Call& call, std::string_view order_id, std::string_view entity, std::string_view id,
                       const std::vector<std::string>& relations);

} // namespace commerce::order
