// What becomes of items and of a fulfillment status when goods are packed, shipped or unpacked again: of an order, or of a swap
// or claim and its additional items. Pure: structs in, structs out; no database, any thread. Called by fulfillment/service.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::fulfillment {

// Whose goods they are.
enum class Owner { order, swap, claim };

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
  std::string_view status; // the owner's fulfillment_status
  std::vector<Counted> items;
};

// Parts of one item add up.
std::vector<Part> merged(const std::vector<Part>& parts);

// Medusa 1.20: FulfillmentService.validateFulfillmentLineItem_. Parts of unknown items are left out; throws not_allowed
// for more than is left.
std::vector<Part> fulfillable(const std::vector<Units>& items, const std::vector<Part>& wanted);

// Medusa 1.20: the last part of OrderService.createFulfillment and createShipment, and of SwapService's and ClaimService's.
Progress after_fulfillment(Owner owner, const std::vector<Units>& items, const std::vector<Part>& packed);
Progress after_shipment(const std::vector<Units>& items, const std::vector<Part>& shipped);
// Medusa 1.20: FulfillmentService.cancelFulfillment, and the status that the owner's cancelFulfillment sets.
Progress after_cancelation(const std::vector<Units>& items, const std::vector<Part>& unpacked);

// Medusa 1.20: FulfillmentService.partitionItems_. With several shipping methods each takes the items of its option's
// profile, the first of those that share one (1.20 packs them once for each); with one it takes all.
struct Shippable {
  Part part;
  std::string profile_id; // of the variant's product; "" without one
};
std::vector<std::vector<Part>> partition(const std::vector<std::string>& method_profiles,
                                         const std::vector<Shippable>& items);

} // namespace commerce::fulfillment
