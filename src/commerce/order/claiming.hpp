// A customer takes over orders that were placed without logging in, or with another email: whoever reads the email of
// the order is sent a token, which gives the order to the customer who asked. Called by the store's order routes, on the
// fiber of the request. Medusa 1.20: the handlers of /store/orders/batch/customer/token and /store/orders/customer/confirm.
#pragma once
#include "ports/call.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce::order {

// An event with a token for each email that the orders have. Throws unauthorized for a customer without an account.
void ask_for_orders(ports::Call& call, std::string_view customer_id, const std::vector<std::string>& order_ids);

// Gives the token's orders to the customer who asked for them. Throws unauthorized for a token that isn't ours or is too
// old, not_allowed where an order was canceled.
void give_orders(ports::Call& call, std::string_view token);

} // namespace commerce::order
