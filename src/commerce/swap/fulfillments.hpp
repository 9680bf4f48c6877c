// The goods of a swap that go out: packed, shipped, unpacked again. Each function runs in one transaction that locks the order's
// row first. Owns nothing. Called by swap's routes, on the fiber of the request. All throw base::Error with 1.20's sentences.
#pragma once
#include "base/json.hpp"
#include "ports/call.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::swap {

struct FulfillmentWish {
  base::Json metadata{};                 // null: none
  std::optional<bool> no_notification{}; // else as the swap says
  std::optional<std::string> location_id{};
};
// Medusa 1.20: SwapService.createFulfillment, and updateInventoryAndReservations. All additional items are packed.
void create_fulfillment(ports::Call& call, std::string_view order_id, std::string_view swap_id,
                        const FulfillmentWish& wish);

// Medusa 1.20: SwapService.cancelFulfillment. What is canceled already stays as it is.
void cancel_fulfillment(ports::Call& call, std::string_view order_id, std::string_view swap_id,
                        std::string_view fulfillment_id);

struct ShipmentWish {
  std::string fulfillment_id;
  std::vector<std::string> tracking_numbers{};
  std::optional<bool> no_notification{};
};
// Medusa 1.20: SwapService.createShipment
void create_shipment(ports::Call& call, std::string_view order_id, std::string_view swap_id, const ShipmentWish& wish);

} // namespace commerce::swap
