// Goods that leave and come back: fulfillments of an order, or of the additional items of a swap or claim. Owns nothing. Called
// by what is done to orders, swaps and claims, on the fiber of the request, inside a transaction that holds the order's row:
// so a unit is packed once, however many clicks there are. The callers check whether their owner may be packed or shipped, and
// record its events. The number of statements is the same for any number of items. All throw base::Error with 1.20's sentences.
// Medusa 1.20: FulfillmentService, and what its callers write of line items, the owner's status and stock.
#pragma once
#include "base/json.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/fulfillment/progress.hpp"
#include "commerce/fulfillment/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::fulfillment {

// Whose goods go out, as it was loaded.
struct Subject {
  Owner owner = Owner::order;
  std::string id{};
  std::vector<query::RowOf<table::LineItem>>
      items{}; // the order's items or the additional ones; to be packed: with variant.product.profiles
  std::vector<query::RowOf<table::ShippingMethod>> methods{}; // at least one; with shipping_option
  base::Json shown{};                                         // the order-like whole that the provider is told of
};
// The order-like whole of a swap or claim: its row with all that was loaded, and what 1.20 tells of its order besides. Needs
// additional_items, shipping_methods and order (billing_address, discounts.rule, payments; a swap's also region).
base::Json order_like(const query::Row& swap_or_claim, Owner owner, const base::Json& no_notification);

struct Wish {
  std::vector<Part> parts{};
  base::Json metadata{};                 // null: the fulfillments have none
  std::optional<bool> no_notification{}; // of the fulfillments themselves
  std::optional<std::string> location_id{};
};
// All units of items: what 1.20 packs of a swap or claim.
std::vector<Part> all_units(const std::vector<query::RowOf<table::LineItem>>& items);
// Makes a fulfillment for each shipping method, and writes the items' fulfilled_quantity and the owner's status. Where a
// location is named and the inventory module is on, the units leave its shelves. Returns the fulfillments' ids.
// Medusa 1.20: FulfillmentService.createFulfillment, updateInventoryAndReservations
std::vector<std::string> create(ports::Call& call, const Subject& subject, const Wish& wish);

// A fulfillment with its items. Throws not_found where there is none; whose it is, the caller looks at: belongs_to().
query::Tree load(ports::Call& call, std::string_view fulfillment_id);
bool belongs_to(const query::RowOf<table::Fulfillment>& fulfillment, Owner owner, std::string_view owner_id);

// Medusa 1.20: FulfillmentService.cancelFulfillment, adjustInventoryForCancelledFulfillment. The items' fulfilled_quantity gets
// smaller, the owner's status is canceled, and the location gets its units back (in 1.20 only an order's). False where it was
// canceled before: it stays as it is. Of `subject`: owner, id, items.
bool cancel(ports::Call& call, const Subject& subject, const query::RowOf<table::Fulfillment>& fulfillment);

// Medusa 1.20: FulfillmentService.createShipment. Writes the items' shipped_quantity and the owner's status too; one that has
// been shipped already only gets the tracking numbers, and its units are not counted again. Of `subject`: owner, id, items.
void ship(ports::Call& call, const Subject& subject, const query::RowOf<table::Fulfillment>& fulfillment,
          const std::vector<std::string>& tracking_numbers, const base::Json& no_notification);

} // namespace commerce::fulfillment
