// What becomes of an order's items and of its fulfillment status when goods are packed, shipped or unpacked again.
// Pure: structs in, structs out; no database, any thread. Called by order/service.
#pragma once
#include "base/json.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::order {

// One line item's units. Nothing handled yet is null in the table, and null is not 0 when it is compared.
struct Units {
  std::string item_id;
  std::int64_t quantity = 0;
  std::optional<std::int64_t> fulfilled{}, shipped{};
};
struct Part {
  std::string item_id;
  std::int64_t quantity = 0;
};
// The column's new value of one item.
struct Counted {
  std::string item_id;
  std::int64_t count = 0;
};
struct Progress {
  std::string_view status; // the order's fulfillment_status
  std::vector<Counted> items;
};

// Parts of one item add up.
std::vector<Part> merged(const std::vector<Part>& parts);

// Medusa 1.20: FulfillmentService.validateFulfillmentLineItem_. Parts of unknown items are left out; throws not_allowed
// for more than is left.
std::vector<Part> fulfillable(const std::vector<Units>& items, const std::vector<Part>& wanted);

// Medusa 1.20: the last part of OrderService.createFulfillment and createShipment.
Progress after_fulfillment(const std::vector<Units>& items, const std::vector<Part>& packed);
Progress after_shipment(const std::vector<Units>& items, const std::vector<Part>& shipped);
// Medusa 1.20: FulfillmentService.cancelFulfillment, and the status that OrderService.cancelFulfillment sets.
Progress after_cancelation(const std::vector<Units>& items, const std::vector<Part>& unpacked);

// Medusa 1.20: FulfillmentService.partitionItems_. With several shipping methods each takes the items of its option's
// profile; with one it takes all.
struct Shippable {
  Part part;
  std::string profile_id; // of the variant's product; "" without one
};
std::vector<std::vector<Part>> partition(const std::vector<std::string>& method_profiles,
                                         const std::vector<Shippable>& items);

} // namespace commerce::order
