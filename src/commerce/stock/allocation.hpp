// From which shelves line items are served, and which reservations a shipment uses up: arithmetic over structs, without a
// database. Called by `reservations` with rows that are locked; pure, any thread.
#pragma once
#include "base/error.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce::stock {

// A line item's wish. Several may be for one variant.
struct Wish {
  std::string variant_id;
  std::int64_t quantity = 0;
  std::string line_item_id{};
  std::string title{}; // in refusals; empty: the variant's id stands there
};
// "Mug (Large)": how refusals call what a shopper has bought.
std::string title_of(std::string_view product_title, std::string_view variant_title);
// There is less than that. Medusa 1.20 says the variant's id.
base::Error short_of(const Wish& wish);
base::Error not_sold(const Wish& wish);

// What a location has left of an inventory item.
struct Shelf {
  std::string location_id;
  std::int64_t left = 0;
};
// An inventory item of a variant: how many one unit of the variant takes, and the shelves in the order of their age.
struct Component {
  std::string inventory_item_id;
  std::int64_t required = 1;
  std::vector<Shelf> shelves{};
};
struct Stocked {
  std::string variant_id;
  bool manage_inventory = true, allow_backorder = false;
  bool has_places = true; // the sales channel has stock locations at all
  std::vector<Component> components{};
};

struct Reservation {
  std::string line_item_id, inventory_item_id, location_id;
  std::int64_t quantity = 0;
  bool operator==(const Reservation&) const = default;
};
struct Allocation {
  std::vector<Reservation> reservations{};
  std::vector<base::Error> refusals{}; // one for each wish that can't be met, in their order; then nothing is reserved
};
// Medusa 1.20: confirmInventory and reserveQuantity for each line item. There all of an item is reserved at whichever
// location comes first, whatever it has; here at the oldest that has enough, else it is shared out. What may be sold
// without being there is reserved at the oldest.
Allocation allocate(const std::vector<Wish>& wishes, std::vector<Stocked> stock);

// A reservation as it stands.
struct Held {
  std::string id, line_item_id, inventory_item_id, location_id;
  std::int64_t quantity = 0;
};
// A reservation that gets smaller; 0 left: it goes.
struct Reduced {
  std::string id;
  std::int64_t left = 0;
  bool operator==(const Reduced&) const = default;
};
// Medusa 1.20: adjustReservationsQuantityByLineItem. Uses up `quantity` of the reservations of one line item for one
// inventory item, newest first as given: the one that fits exactly at the location, else those of the location, then others.
std::vector<Reduced> use_up(const std::vector<Held>& held, std::string_view location_id, std::int64_t quantity);

} // namespace commerce::stock
