// Claims: something is wrong with what was sent, so money goes back or other goods go out. Each function runs in one transaction
// that locks the order's row first, so that a claim is refunded once and packed once, however many clicks there are. Owns nothing.
// Called by the admin routes, on the fiber of the request. All throw base::Error with 1.20's sentences.
#pragma once
#include "base/json.hpp"
#include "commerce/cart/line_items.hpp"
#include "commerce/claim/items.hpp"
#include "commerce/claim/shipping.hpp"
#include "commerce/payment/payments.hpp"
#include "commerce/returns/service.hpp"
#include "ports/call.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::claim {

enum class Type { refund, replace };

struct Wish {
  Type type = Type::refund;
  std::vector<WishedItem> items{};
  std::vector<cart::WantedItem> additional{};
  std::vector<WishedMethod> methods{};
  std::optional<returns::WishedShipping> return_shipping{}; // with it the items come back
  base::Json refund_amount{};                               // undefined: what the items were sold for; null: nothing
  base::Json shipping_address{};                            // else the order's
  std::optional<bool> no_notification{};                    // else the order's
  std::optional<std::string> return_location_id{};
  base::Json metadata{};
  std::string idempotency_key{};
};
// Medusa 1.20: the handler of POST /admin/orders/:id/claims, ClaimService.create and processRefund, ReturnService.create and
// fulfill. All of it or nothing (1.20 keeps a claim whose refund was refused).
void create(ports::Call& call, std::string_view order_id, const Wish& wish);

struct Changes {
  base::Json metadata{};                              // nullish: as it is
  std::optional<bool> no_notification{};              // none: as it is
  std::optional<std::vector<WishedMethod>> methods{}; // none: as they are
  base::JsonArray items{};                            // a body's claim_items
};
// Medusa 1.20: ClaimService.update
void update(ports::Call& call, std::string_view order_id, std::string_view claim_id, const Changes& changes);

// Medusa 1.20: ClaimService.cancel. What was to be sent is for sale again (1.20 leaves it reserved); a canceled claim stays as
// it is.
void cancel(ports::Call& call, std::string_view order_id, std::string_view claim_id);

struct FulfillmentWish {
  base::Json metadata{};
  std::optional<bool> no_notification{};
  std::optional<std::string> location_id{};
};
// Medusa 1.20: ClaimService.createFulfillment
void create_fulfillment(ports::Call& call, std::string_view order_id, std::string_view claim_id,
                        const FulfillmentWish& wish);
// Medusa 1.20: ClaimService.cancelFulfillment
void cancel_fulfillment(ports::Call& call, std::string_view order_id, std::string_view claim_id,
                        std::string_view fulfillment_id);
// Medusa 1.20: ClaimService.createShipment
void create_shipment(ports::Call& call, std::string_view order_id, std::string_view claim_id,
                     std::string_view fulfillment_id, const std::vector<std::string>& tracking_numbers);

} // namespace commerce::claim
