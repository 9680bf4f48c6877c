// From a cart to an order. Called by POST /store/carts/:id/complete, on the fiber of the request.
// Medusa 1.20: strategies/cart-completion (CartCompletionStrategy) and OrderService.createFromCart.
//
// 1.20 commits after each recovery point (started, tax_lines_created, payment_authorized, finished). Here the cart's
// row is locked first and all steps are one transaction: whoever completes the same cart meanwhile waits and then gets
// the order, and a server that is killed leaves either nothing or the order. What an earlier step did stays, as with
// 1.20, when a later one refuses: those writes are committed before the refusal is thrown.
#pragma once
#include "commerce/idempotency/idempotency.hpp"
#include "ports/call.hpp"
#include <string_view>

namespace commerce::checkout {

// `ip`: of the shopper, for the payment provider. Throws base::Error with 1.20's sentences.
idempotency::Reply complete(ports::Call& call, std::string_view cart_id, const idempotency::Key& key,
                            std::string_view ip);

} // namespace commerce::checkout
