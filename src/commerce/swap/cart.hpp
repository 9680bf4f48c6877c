// The cart of a swap, where the shopper agrees to the difference and pays it: what comes back stands in it below zero, what goes
// out at its price. Owns nothing. Called by swap's service, on the fiber of the request, inside the transaction that makes the
// swap and holds its order's row.
#pragma once
#include "base/money.hpp"
#include "commerce/order/tables.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::swap {

// What shipping with that option costs in this cart, and no other option may be chosen.
struct CustomShipping {
  std::string option_id;
  base::Amount price = 0;
};

// What make_cart() looks at of the order.
std::vector<std::string> relations_for_cart();

// Medusa 1.20: SwapService.createCart. `order` was loaded with those relations; swap, additional items and return are written by
// then (Call::write_last will do). Returns the cart's id.
std::string make_cart(ports::Call& call, const query::RowOf<table::Order>& order, const std::string& swap_id,
                      const std::string& return_id, const std::vector<CustomShipping>& custom_shipping_options,
                      const std::optional<std::string>& sales_channel_id);

} // namespace commerce::swap
