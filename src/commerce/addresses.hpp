// Whose an address is. A row of `address` is to be written by its one holder only: what an order, a cart or a customer's
// address book holds besides is copied first, as 1.20 lets several of them hold one row. Owns nothing. Called by carts and
// customers, on the fiber of the request.
#pragma once
#include "base/json.hpp"
#include "db/db.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce {

// What an address says, without whose it is: its columns but for the id, the customer and the times.
base::Json address_values(const base::Json& row);

// Those of `ids` that the buyer may name: the customer's own, and those that the cart holds.
db::Command nameable_addresses(const std::vector<std::string>& ids, const std::optional<std::string>& customer_id,
                               std::string_view cart_id);
// Its rows; each with its id and columns.
base::JsonArray addresses_of(const db::Result& result);

// The ids of the cart's addresses that an order, another cart, a swap, a claim or a customer holds too.
db::Command addresses_held_elsewhere(std::string_view cart_id);

// The addresses of an order, for addresses_of(); behind each whether anybody but the order and its own cart holds it, and its id.
db::Command addresses_of_order(std::string_view order_id);

// Ahead of a change of that address of a customer's: all others who hold the row get a copy, so that it is the customer's
// alone. Nothing happens where the customer doesn't hold it.
db::Command copy_address_for_others(std::string_view address_id, std::string_view customer_id);

} // namespace commerce
