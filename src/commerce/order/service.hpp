// What is done to orders: taking the money, packing, shipping. Each runs in one transaction that locks the order's row
// first, so that of two such requests the second sees what the first did. Called by the admin routes, on the fiber of
// the request. All throw base::Error with 1.20's sentences.
#pragma once
#include "base/json.hpp"
#include "commerce/fulfillment/progress.hpp"
#include "ports/call.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::order {

// Medusa 1.20: OrderService.capturePayment
void capture_payment(ports::Call& call, std::string_view order_id);

struct FulfillmentWish {
  std::vector<fulfillment::Part> items{};
  base::Json metadata = base::Json::object();
  std::optional<bool> no_notification{};
  std::optional<std::string> location_id{};
};
// Medusa 1.20: OrderService.createFulfillment
void create_fulfillment(ports::Call& call, std::string_view order_id, const FulfillmentWish& wish);

// Medusa 1.20: the handler of POST /admin/orders/:id/fulfillments/:fulfillment_id/cancel, OrderService and
// FulfillmentService.cancelFulfillment. What is canceled already stays as it is.
void cancel_fulfillment(ports::Call& call, std::string_view order_id, std::string_view fulfillment_id);

struct ShipmentWish {
  std::string fulfillment_id;
  std::vector<std::string> tracking_numbers{};
  std::optional<bool> no_notification{};
};
// Medusa 1.20: OrderService.createShipment. A fulfillment that has been shipped already only gets the tracking numbers:
// its units are not counted again.
void create_shipment(ports::Call& call, std::string_view order_id, const ShipmentWish& wish);

} // namespace commerce::order
