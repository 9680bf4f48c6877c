// What the operations on a cart ask the database besides the cart itself: gift cards, rates. Each function costs one
// round trip, however many rows. Called by the operations of this folder.
#pragma once
#include "commerce/cart/state.hpp"
#include "commerce/totals/totals.hpp"
#include <string>
#include <vector>

namespace commerce::cart {

struct GiftCardFacts {
  std::string id, code, region_id;
  bool is_disabled = false;
};
std::vector<GiftCardFacts> gift_cards_by_code(ports::Call& call, const std::vector<std::string>& codes);

// Gives the items the lines that the region's rates make: with tax-inclusive pricing a discount depends on them.
void add_tax_lines(const State& state, std::vector<totals::Item>& items);

// What the option of a shipping method costs; nullopt where its amount is calculated elsewhere.
std::optional<base::Amount> method_option_amount(const State& state, const base::Json& method);

} // namespace commerce::cart
