// A swap as whoever changes it needs it: loaded, with its order's row locked until the end of the transaction. Owns nothing.
// Called by swap's services, on the fiber of the request, inside a transaction.
#pragma once
#include "ports/call.hpp"
#include "query/query.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce::swap {

// Throws not_found where there is no such swap, or it is another order's (1.20 looks at that only when it cancels).
query::Tree lock(ports::Call& call, std::string_view order_id, std::string_view swap_id,
                 const std::vector<std::string>& relations);

} // namespace commerce::swap
