// Shipping methods of a cart: chosen from the options, one for each shipping profile.
// Called by the store routes of carts, on the fiber of the request.
#pragma once
#include "commerce/cart/state.hpp"

namespace commerce::cart {

// Medusa 1.20: CartService.addShippingMethod and ShippingOptionService.createShippingMethod. Needs items, discounts and
// methods. Throws where there is no such option or the cart may not use it. Records the event.
void add_shipping_method(State& state, const std::string& option_id, const base::Json& data);

// The same for several at once, none of which takes the place of another.
struct WantedMethod {
  std::string option_id;
  base::Json data;
};
void add_shipping_methods(State& state, const std::vector<WantedMethod>& wanted);

// Medusa 1.20: ShippingProfileService.fetchCartOptions: JSON of what the cart may be shipped with, with prices.
std::string shipping_options_json(ports::Call& call, std::string_view cart_id);

} // namespace commerce::cart
