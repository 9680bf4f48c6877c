// Goods that come back: asked for, made known to whoever carries them, received, canceled. Each runs in one transaction (the
// open one, where a greater step has one), which locks the order's row first, so that a return is received once and never more
// comes back than was bought. Called by the routes of returns, and by swaps and claims, on the fiber of the request. All throw
// base::Error with 1.20's sentences.
#pragma once
#include "base/json.hpp"
#include "base/money.hpp"
#include "commerce/payment/payments.hpp"
#include "commerce/returns/amounts.hpp"
#include "ports/call.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::returns {

struct WishedItem {
  std::string item_id; // of the order, of one of its swaps or of one of its claims
  std::int64_t quantity = 0;
  std::optional<std::string> reason_id{}, note{};
};
struct WishedShipping {
  std::string option_id;
  std::optional<base::Amount> price{}; // else the option's
};
struct Wish {
  std::string order_id; // whose items come back; a return of a swap says its swap instead
  std::optional<std::string> swap_id{}, claim_order_id{};
  std::vector<WishedItem> items{};
  std::optional<WishedShipping> shipping{};
  std::optional<base::Amount> refund_amount{}; // else what the items were sold for, less the shipping
  std::optional<bool> no_notification{};
  std::optional<std::string> location_id{}, idempotency_key{};
};
struct Created {
  std::string id;
  base::Amount refund_amount = 0;
};
// Medusa 1.20: ReturnService.create. Records no event, as there: who asks for a return tells of it.
// The rows of the swap or claim must be written by then (Call::write_last will do).
Created create(ports::Call& call, const Wish& wish);

// Medusa 1.20: ReturnService.fulfill. The provider of the return's shipping method learns of it; without a method nothing
// happens. Throws not_allowed for a return that is canceled, or that was made known already.
void fulfill(ports::Call& call, std::string_view return_id);

// What a parcel that differs from what was asked for makes of the return: it is received all the same, or waits for an admin.
enum class Mismatch { received, requires_action };
struct Receipt {
  std::vector<Part> items{};
  std::optional<base::Amount> refund{}; // else the return's refund_amount
  std::optional<std::string> location_id{};
  Mismatch mismatch = Mismatch::received;
};
// Medusa 1.20: ReturnService.receive. The units are back: on their line items, in stock. Gives no money back.
void receive(ports::Call& call, std::string_view return_id, const Receipt& receipt);
// Medusa 1.20: the handler of POST /admin/returns/:id/receive: that, then OrderService.registerReturnReceived, or for the
// return of a swap SwapService.registerReceived.
void receive_and_refund(ports::Call& call, std::string_view return_id, const Receipt& receipt);

// Medusa 1.20: ReturnService.cancel. Returns the id of the order whose items won't come back.
std::string cancel(ports::Call& call, std::string_view return_id);

} // namespace commerce::returns
