// From a draft order to an order that is paid. Called by POST /admin/draft-orders/:id/pay, on the fiber of the request.
// Medusa 1.20: the handler of that route
#pragma once
#include "ports/call.hpp"
#include <string>

namespace commerce::checkout {

// Makes an order of the draft and takes what an admin says has been paid: all in one transaction, which locks the draft's cart
// first, so that a draft becomes one order however many pay for it at once. Stock, discounts and gift cards are taken as by
// checkout (1.20 sells a draft without taking its stock). Returns the order's id. Throws base::Error with 1.20's sentences.
std::string pay_draft(ports::Call& call, const std::string& draft_id);

} // namespace commerce::checkout
