// Discounts and gift cards of a cart: applied by code, refreshed when the cart changes, removed.
// Called by the operations and store routes of carts, on the fiber of the request.
#pragma once
#include "commerce/cart/state.hpp"
#include "commerce/totals/totals.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce::cart {

// The items as arithmetic sees them, without tax lines.
std::vector<totals::Item> items_to_total(const State& state);

// Medusa 1.20: CartService.refreshAdjustments_. What the first discount takes from each item, made anew; adjustments
// without a discount and those of returns stay. Needs items and discounts.
void refresh_adjustments(State& state);

// Takes away those that have ended since they were applied (1.20 lets them go on), and notes in `state.ended` which and why.
// Needs items, discounts and methods.
void drop_ended_discounts(State& state);

// Medusa 1.20: CartService.update with `discounts`: these codes take the place of the discounts so far. Throws where
// one does not exist or may not be used. Needs items, discounts and methods.
void replace_discounts(State& state, const std::vector<std::string>& codes);
// Medusa 1.20: CartService.removeDiscount
void remove_discount(State& state, std::string_view code);
// Medusa 1.20: CartService.adjustFreeShipping_. Methods cost nothing, or what their options cost.
enum class Shipping { free, at_price };
void adjust_shipping(State& state, Shipping shipping);

// Medusa 1.20: CartService.update with `gift_cards`. Throws where one does not exist or may not be used.
void replace_gift_cards(State& state, const std::vector<std::string>& codes);

} // namespace commerce::cart
