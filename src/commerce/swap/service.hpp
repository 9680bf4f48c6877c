// Swaps: some of an order's items come back, others go out, and the difference is paid in a cart of the swap's own. Each
// function runs in one transaction (the open one, where a greater step has one) that locks the order's row first, so that of
// two requests the second sees what the first did. Owns nothing. Called by swap's routes, on the fiber of the request. All throw
// base::Error with 1.20's sentences.
#pragma once
#include "commerce/order/locked.hpp"
#include "commerce/returns/service.hpp"
#include "commerce/swap/cart.hpp"
#include "ports/call.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::swap {

struct AdditionalItem {
  std::string variant_id;
  std::int64_t quantity = 0;
};
struct Wish {
  std::string order_id;
  std::vector<returns::WishedItem> return_items{};
  std::vector<AdditionalItem> additional_items{};
  std::optional<returns::WishedShipping> return_shipping{};
  std::vector<CustomShipping> custom_shipping_options{};
  std::optional<bool> no_notification{}; // else as the order says
  bool allow_backorder = false;          // more may go out than there is
  std::optional<std::string> return_location_id{}, sales_channel_id{}, idempotency_key{};
};
// Medusa 1.20: the handlers of POST /admin/orders/:id/swaps and POST /store/swaps: SwapService.create and createCart, then
// ReturnService.fulfill. Returns the swap's id.
std::string create(ports::Call& call, const Wish& wish, order::Reads reads = order::Reads::rows);

// Medusa 1.20: SwapService.processDifference. The difference is taken or given back, once. A provider that fails leaves the
// swap waiting for an admin, and an event tells of it; so it opens its transactions itself, and is not to be called within one.
void process_payment(ports::Call& call, std::string_view order_id, std::string_view swap_id);

// Medusa 1.20: SwapService.cancel. What was to go out is for sale again (1.20 keeps it reserved for ever). A canceled swap stays
// as it is.
void cancel(ports::Call& call, std::string_view order_id, std::string_view swap_id);

} // namespace commerce::swap
