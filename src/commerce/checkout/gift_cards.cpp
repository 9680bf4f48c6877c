#include "commerce/checkout/gift_cards.hpp"
#include <algorithm>

namespace commerce::checkout {

std::vector<GiftCardUse> use_up(const std::vector<GiftCardBalance>& cards, base::Amount amount) {
  std::vector<GiftCardUse> uses;
  for (const auto& card : cards) {
    const base::Amount left = std::max<base::Amount>(0, card.balance - amount);
    uses.push_back({card.id, card.balance - left, left, card.tax_rate});
    amount -= card.balance - left;
    if (amount == 0) break;
  }
  return uses;
}

} // namespace commerce::checkout
