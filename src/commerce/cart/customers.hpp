// Whose cart it is: customers by id and guests by e-mail. Called by the operations on carts, on the fiber of the request.
#pragma once
#include "commerce/cart/state.hpp"
#include "commerce/cart/tables.hpp"
#include "db/batch.hpp"
#include "query/row_of.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace commerce::cart {

struct CustomerFacts {
  std::string id, email;
};
db::Command customer_query(std::string_view id);
std::optional<CustomerFacts> customer_of(const db::Result& result);

// Whether whoever is logged in may make the cart theirs: nobody has it, or a guest (an e-mail address without an account).
// `cart` was loaded with its customer.
bool is_free(const query::RowOf<table::Cart>& cart);
// Who buys from now on, where `named` is the id that the request's body gives: the customer who is logged in takes a free
// cart over, and else it stays whose it is (undefined). Throws not_allowed for the id of somebody else.
base::Json next_buyer(const State& state, const std::optional<std::string>& logged_in, const base::Json& named);

// Medusa 1.20: CartService.updateCustomerId_. Throws not_found.
void set_customer(State& state, const std::string& customer_id);
// Medusa 1.20: CartService.createOrFetchGuestCustomerFromEmail_. Throws invalid_data for what is no e-mail address. `known`: what
// guest_query() has found for it in an earlier batch.
CustomerFacts guest_customer(ports::Call& call, const base::Json& email, const db::Result& known);
db::Command guest_query(const base::Json& email);
// `known`: the answer to guest_query(), where it was asked.
void set_guest(State& state, const base::Json& email, const db::Batch::Slot& known);

} // namespace commerce::cart
