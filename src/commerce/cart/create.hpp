// Making carts. Called by the store routes; draft orders and swaps will use it too. On the fiber of the request.
#pragma once
#include "commerce/cart/line_items.hpp"
#include "ports/call.hpp"
#include <optional>
#include <string>
#include <vector>

namespace commerce::cart {

struct NewCart {
  std::optional<std::string> region_id; // without one, the first region
  std::optional<std::string> country_code;
  std::optional<std::string> sales_channel_id; // without one, the store's default
  std::optional<std::string> customer_id;
  base::Json context = base::Json::object();
  std::vector<WantedItem> items;
};

// What makes the cart, not yet sent: the caller reads the cart back in the same batch.
struct Made {
  std::string id;
  std::vector<db::Query> writes;
};
// Medusa 1.20: the handler of POST /store/carts, CartService.create, LineItemService.generate and
// CartService.addOrUpdateLineItems. Call in a transaction.
Made create(ports::Call& call, const NewCart& wanted);

} // namespace commerce::cart
