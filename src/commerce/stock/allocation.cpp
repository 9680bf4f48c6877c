#include "commerce/stock/allocation.hpp"
#include <algorithm>

namespace commerce::stock {
namespace {

using base::Error;

std::string name_of(const Wish& wish) {
  return wish.title.empty() ? "Variant with id: " + wish.variant_id : '"' + wish.title + '"';
}

// The shelf that serves all of it, else the first.
Shelf& shelf_for(Component& component, std::int64_t quantity) {
  auto& shelves = component.shelves;
  const auto enough = std::find_if(shelves.begin(), shelves.end(), [&](const Shelf& s) { return s.left >= quantity; });
  return enough == shelves.end() ? shelves.front() : *enough;
}

bool covers(const Component& component, std::int64_t quantity) {
  std::int64_t left = 0;
  for (const auto& shelf : component.shelves) left += shelf.left;
  return !component.shelves.empty() && left >= quantity;
}

void reserve(const Wish& wish, Component& component, std::int64_t quantity, bool limited, Allocation& out) {
  const auto put = [&](Shelf& shelf, std::int64_t part) {
    shelf.left -= part;
    out.reservations.push_back({wish.line_item_id, component.inventory_item_id, shelf.location_id, part});
  };
  Shelf& one = shelf_for(component, quantity);
  if (one.left >= quantity || !limited) return put(one, quantity);
  for (auto& shelf : component.shelves) {
    const auto part = std::min(quantity, shelf.left);
    if (part <= 0) continue;
    put(shelf, part);
    quantity -= part;
  }
}

} // namespace

std::string title_of(std::string_view product_title, std::string_view variant_title) {
  std::string title(product_title);
  if (title.empty()) return std::string(variant_title);
  if (!variant_title.empty() && variant_title != product_title) title.append(" (").append(variant_title).append(")");
  return title;
}

Error short_of(const Wish& wish) {
  return {base::ErrorType::not_allowed, name_of(wish) + " does not have the required inventory",
          "insufficient_inventory"};
}

Error not_sold(const Wish& wish) { return Error::not_found(name_of(wish) + " was not found"); }

Allocation allocate(const std::vector<Wish>& wishes, std::vector<Stocked> stock) {
  Allocation out;
  for (const auto& wish : wishes) {
    const auto found =
        std::find_if(stock.begin(), stock.end(), [&](const Stocked& s) { return s.variant_id == wish.variant_id; });
    if (found == stock.end()) {
      out.refusals.push_back(not_sold(wish));
      continue;
    }
    auto& components = found->components;
    const bool limited = found->manage_inventory && !found->allow_backorder;
    const auto needed = [&](const Component& c) { return c.required * wish.quantity; };
    if (limited &&
        !std::all_of(components.begin(), components.end(), [&](const Component& c) { return covers(c, needed(c)); })) {
      out.refusals.push_back(short_of(wish));
      continue;
    }
    for (auto& component : components) {
      if (!component.shelves.empty()) {
        reserve(wish, component, needed(component), limited, out);
      } else if (found->manage_inventory) {
        const std::string title = wish.title.empty() ? std::string() : name_of(wish) + ": ";
        out.refusals.push_back(Error::invalid_data(
            title +
            (found->has_places
                 ? "Must provide location_id or sales_channel_id to a Sales Channel that has associated locations "
                   "with inventory levels"
                 : "Must provide location_id or sales_channel_id to a Sales Channel that has associated Stock "
                   "Locations")));
        break;
      }
    }
  }
  if (!out.refusals.empty()) out.reservations.clear();
  return out;
}

std::vector<Reduced> use_up(const std::vector<Held>& held, std::string_view location_id, std::int64_t quantity) {
  std::vector<const Held*> order;
  for (const auto& one : held) {
    if (one.location_id == location_id && one.quantity == quantity) return {{one.id, 0}};
    order.push_back(&one);
  }
  std::stable_partition(order.begin(), order.end(), [&](const Held* h) { return h->location_id == location_id; });
  std::vector<Reduced> out;
  for (const auto* one : order) {
    if (quantity <= 0) break;
    const auto part = std::min(quantity, one->quantity);
    out.push_back({one->id, one->quantity - part});
    quantity -= part;
  }
  return out;
}

} // namespace commerce::stock
