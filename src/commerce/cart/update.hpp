// Changing a cart as a whole: customer, region, addresses, sales channel, discounts, gift cards, context.
// Called by the store routes of carts, on the fiber of the request.
#pragma once
#include "commerce/cart/state.hpp"

namespace commerce::cart {

// The cart that `changes` are meant for, locked, and what they name: addresses, and the guest with that email, where nobody else
// buys.
struct ToUpdate {
  State state;
  base::JsonArray named_addresses;
  db::Batch::Slot guest;
};
// `changes` is a checked body of POST /store/carts/:id; the addresses that it names are looked for among the cart's and
// those of the customer who is logged in. `shown`: see Needs.
ToUpdate lock_to_update(ports::Call& call, std::string_view id, const base::Json& changes,
                        const query::Selection* shown = nullptr);
// The same, where the addresses are looked for among the cart's and those of that customer.
ToUpdate lock_to_update(ports::Call& call, std::string_view id, const base::Json& changes,
                        const std::optional<std::string>& customer_id, const query::Selection* shown = nullptr);

// Medusa 1.20: CartService.update. `changes` as above, with `customer_id` for who buys from now on. Records the events.
void update(ToUpdate& cart, const base::Json& changes);

// Medusa 1.20: CartService.updateUnitPrices_. All items are priced again; those without a price there are removed.
void update_prices(State& state, const std::string& region_id, const std::string& customer_id);
// Medusa 1.20: CartService.setRegion_. Throws where the cart is paid for, or the country is not the region's.
void set_region(State& state, const std::string& region_id, const std::optional<std::string>& country_code);
// Medusa 1.20: CartService.onSalesChannelChange. What is not sold there leaves the cart.
void set_sales_channel(State& state, const std::string& sales_channel_id);

// Discounts that have ended leave the cart, and its payment sessions follow the new total.
void let_discounts_end(ports::Call& call, std::string_view cart_id);

} // namespace commerce::cart
