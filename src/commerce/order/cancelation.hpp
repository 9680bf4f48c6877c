// The end of an order that is not to be: its payments are canceled and its units are for sale again. Owns nothing. Called by
// the admin routes, on the fiber of the request.
#pragma once
#include "commerce/payment/payments.hpp"
#include "ports/call.hpp"
#include <string_view>

namespace commerce::order {

// Medusa 1.20: OrderService.cancel. A canceled order stays as it is (1.20 brings its units back once more).
void cancel(ports::Call& call, std::string_view order_id);

} // namespace commerce::order
