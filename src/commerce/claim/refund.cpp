#include "commerce/claim/refund.hpp"
#include "commerce/returns/amounts.hpp"
#include <algorithm>

namespace commerce::claim {

base::Amount refund_total(const totals::Order& order, const std::vector<Claimed>& claimed, tax::Inclusive inclusive) {
  const auto items = returns::all_items(order);
  std::vector<returns::Part> shipped;
  for (const auto& part : claimed) {
    const auto counts = [&](const totals::Item& item) {
      return item.id == part.item_id && item.shipped_quantity > 0 &&
             static_cast<double>(part.quantity) <= item.shipped_quantity;
    };
    if (std::any_of(items.begin(), items.end(), counts)) shipped.push_back({part.item_id, part.quantity});
  }
  return static_cast<base::Amount>(returns::refund_total(order, shipped, inclusive));
}

} // namespace commerce::claim
