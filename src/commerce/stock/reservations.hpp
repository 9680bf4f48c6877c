// Reservations of line items in the inventory module, and what leaves and returns to the shelves of a location.
// Each function locks what it decides on, in one order for all (reservations by id, then levels by id), so that two never wait
// for each other in a circle; writes travel with the COMMIT of the caller's transaction, events too.
// Called by checkout, orders and whoever sells or moves goods, on the fiber of the request, inside a transaction and only
// where the module is on (see modules.hpp). The number of statements is the same for any number of items.
// Medusa 1.20: ProductVariantInventoryService
#pragma once
#include "commerce/stock/allocation.hpp"
#include "commerce/stock/taking.hpp"
#include "ports/call.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::stock {

// What the wanted variants have on the shelves of the sales channel's locations (of all locations without a channel), locked:
// to be sent in a batch of the caller's, and read with stocked_of().
db::Command lock_shelves(const std::vector<Wish>& wishes, const std::optional<std::string>& sales_channel_id);
std::vector<Stocked> stocked_of(const db::Result& result);
// Writes what allocate() decided over them; returns the ids.
base::JsonArray write_reservations(ports::Call& call, const std::vector<Reservation>& reservations);
// All of that in one: for items that are sold outside of a cart (claims, swaps, draft orders). Throws the first refusal.
void reserve(ports::Call& call, const std::vector<Wish>& wishes, const std::optional<std::string>& sales_channel_id);

// The same at one location, whatever it has. Throws not_found where it doesn't stock the variant's items.
base::JsonArray reserve_at(ports::Call& call, std::string_view location_id, const Wish& wish);

// A fulfilment takes them from the location: its stock and their reservations get smaller. Throws not_allowed where the
// location lacks them: plan_taking().
void take_from(ports::Call& call, std::string_view location_id, const std::vector<Moved>& moved);
// They come back: a canceled fulfilment, a received return. Throws not_found where the location doesn't stock them.
// (adjustInventory)
void put_back(ports::Call& call, std::string_view location_id, const std::vector<Moved>& moved);
// Nobody waits for them any more: an order is canceled, an item removed by an edit. (deleteReservationsByLineItem)
void release(ports::Call& call, const std::vector<std::string>& line_item_ids);

} // namespace commerce::stock
