// Whose cart it is: customers by id and guests by e-mail. Called by the operations on carts, on the fiber of the request.
#pragma once
#include "commerce/cart/state.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace commerce::cart {

struct CustomerFacts {
  std::string id, email;
};
db::Query customer_query(std::string_view id);
std::optional<CustomerFacts> customer_of(const db::Result& result);

// Medusa 1.20: CartService.updateCustomerId_. Throws not_found.
void set_customer(State& state, const std::string& customer_id);
// Medusa 1.20: CartService.createOrFetchGuestCustomerFromEmail_. Throws invalid_data for what is no e-mail address.
void set_guest(State& state, const base::Json& email);

} // namespace commerce::cart
