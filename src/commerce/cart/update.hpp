// Changing a cart as a whole: customer, region, addresses, sales channel, discounts, gift cards, context.
// Called by the store routes of carts, on the fiber of the request.
#pragma once
#include "commerce/cart/state.hpp"

namespace commerce::cart {

// What update() looks at, whatever is changed.
Needs update_needs(const base::Json& changes);

// Medusa 1.20: CartService.update. `changes` is a checked body of POST /store/carts/:id, with `customer_id` where the
// customer is known. Records the events.
void update(State& state, const base::Json& changes);

// Medusa 1.20: CartService.updateUnitPrices_. All items are priced again; those without a price there are removed.
void update_prices(State& state, const std::string& region_id, const std::string& customer_id);
// Medusa 1.20: CartService.setRegion_. Throws where the cart is paid for, or the country is not the region's.
void set_region(State& state, const std::string& region_id, const std::optional<std::string>& country_code);
// Medusa 1.20: CartService.updateShippingAddress_ and updateBillingAddress_. An object changes the cart's address or
// makes one; a text names an address; null takes it away.
void set_shipping_address(State& state, const base::Json& address, const std::vector<std::string>& region_countries);
void set_billing_address(State& state, const base::Json& address);
// Medusa 1.20: CartService.onSalesChannelChange. What is not sold there leaves the cart.
void set_sales_channel(State& state, const std::string& sales_channel_id);

} // namespace commerce::cart
