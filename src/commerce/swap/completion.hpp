// What becomes of a swap when the shopper completes its cart. Owns nothing. Called by checkout, inside its transaction, and once
// more afterwards for the answer; on the fiber of the request.
#pragma once
#include "base/json.hpp"
#include "base/money.hpp"
#include "commerce/cart/tables.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <string>
#include <string_view>

namespace commerce::swap {

struct Completing {
  std::string id, order_id;
  bool confirmed = false, canceled = false, allow_backorder = false;
  base::Json no_notification{};
};
// The swap of a cart whose row is locked; its order's row is locked, too. Throws not_found.
Completing lock_of_cart(ports::Call& call, std::string_view cart_id);

// Medusa 1.20: SwapService.registerCartCompletion, what it writes of the swap and its shipping methods. `cart` as it was loaded.
void register_completion(ports::Call& call, const Completing& swap, const query::RowOf<table::Cart>& cart,
                         base::Amount difference);

// What POST /store/carts/:id/complete answers of it.
std::string completed_json(ports::Call& call, std::string_view cart_id);

} // namespace commerce::swap
