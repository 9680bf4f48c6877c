#include "commerce/fulfillment/progress.hpp"
#include "base/error.hpp"
#include <algorithm>

namespace commerce::fulfillment {
namespace {

template<class List> auto find(List& list, std::string_view item_id) {
  return std::find_if(list.begin(), list.end(), [&](const auto& e) { return e.item_id == item_id; });
}

enum class Column { fulfilled, shipped };
Progress progress(const std::vector<Units>& items, const std::vector<Part>& parts, Column column,
                  std::string_view complete, std::string_view partial) {
  Progress after{complete, {}};
  for (const Units& item : items) {
    const auto& before = column == Column::fulfilled ? item.fulfilled : item.shipped;
    const auto part = find(parts, item.item_id);
    if (part == parts.end()) {
      if (before != item.quantity) after.status = partial;
      continue;
    }
    const auto count = before.value_or(0) + part->quantity;
    if (count != item.quantity) after.status = partial;
    after.items.push_back({item.item_id, count});
  }
  return after;
}

} // namespace

std::vector<Part> merged(const std::vector<Part>& parts) {
  std::vector<Part> sums;
  for (const Part& part : parts) {
    if (const auto sum = find(sums, part.item_id); sum != sums.end())
      sum->quantity += part.quantity;
    else
      sums.push_back(part);
  }
  return sums;
}

std::vector<Part> fulfillable(const std::vector<Units>& items, const std::vector<Part>& wanted) {
  std::vector<Part> found;
  for (const Part& part : merged(wanted)) {
    const auto item = find(items, part.item_id);
    if (item == items.end()) continue;
    if (part.quantity > item->quantity - item->fulfilled.value_or(0))
      throw base::Error::not_allowed("Cannot fulfill more items than have been purchased");
    found.push_back(part);
  }
  return found;
}

Progress after_fulfillment(Owner owner, const std::vector<Units>& items, const std::vector<Part>& packed) {
  return progress(items, packed, Column::fulfilled, "fulfilled",
                  owner == Owner::order ? "partially_fulfilled" : "requires_action");
}

Progress after_shipment(const std::vector<Units>& items, const std::vector<Part>& shipped) {
  return progress(items, shipped, Column::shipped, "shipped", "partially_shipped");
}

Progress after_cancelation(const std::vector<Units>& items, const std::vector<Part>& unpacked) {
  Progress after{"canceled", {}};
  for (const Part& part : unpacked)
    if (const auto item = find(items, part.item_id); item != items.end())
      after.items.push_back({item->item_id, item->fulfilled.value_or(0) - part.quantity});
  return after;
}

std::vector<std::vector<Part>> partition(const std::vector<std::string>& method_profiles,
                                         const std::vector<Shippable>& items) {
  std::vector<std::vector<Part>> parts(method_profiles.size());
  if (parts.size() == 1) {
    for (const auto& item : items) parts.front().push_back(item.part);
    return parts;
  }
  for (const auto& item : items)
    if (const auto method = std::find(method_profiles.begin(), method_profiles.end(), item.profile_id);
        method != method_profiles.end())
      parts[static_cast<std::size_t>(method - method_profiles.begin())].push_back(item.part);
  return parts;
}

} // namespace commerce::fulfillment
