// Gift cards in a purchase: how those of the cart are used up.
// Pure: structs in, structs out; no database, any thread. Called by checkout/complete.
// Medusa 1.20: OrderService.createFromCart.
#pragma once
#include "base/money.hpp"
#include <optional>
#include <string>
#include <vector>

namespace commerce::checkout {

struct GiftCardBalance {
  std::string id;
  base::Amount balance = 0;
  std::optional<double> tax_rate{};
};
struct GiftCardUse {
  std::string id;
  base::Amount used = 0, left = 0; // a card with nothing left is disabled
  std::optional<double> tax_rate{};
};
// Takes `amount` from the cards in their order. Quirk: where nothing is to be taken, the first card still gets a
// transaction, of 0.
std::vector<GiftCardUse> use_up(const std::vector<GiftCardBalance>& cards, base::Amount amount);

} // namespace commerce::checkout
