// Making carts. Called by the store routes; draft orders and swaps will use it too. On the fiber of the request.
#pragma once
#include "commerce/cart/line_items.hpp"
#include "db/batch.hpp"
#include "ports/call.hpp"
#include "query/in_hand.hpp"
#include <optional>
#include <string>
#include <vector>

namespace commerce::cart {

// Makes a cart for a storefront's shopper. Draft orders make theirs by drafted().
struct NewCart {
  std::optional<std::string> region_id; // without one, the first region
  std::optional<std::string> country_code;
  std::optional<std::string> sales_channel_id; // without one, the store's default
  std::optional<std::string> customer_id;
  base::Json context = base::Json::object();
  std::vector<WantedItem> items;
};

// What makes the cart, not yet sent, and its rows, which these statements return.
struct NewlyMade {
  std::string id;
  db::Batch writes;
  query::InHand rows;
};
// Medusa 1.20: the handler of POST /store/carts, CartService.create, LineItemService.generate and
// CartService.addOrUpdateLineItems. Call in a transaction.
NewlyMade create(ports::Call& call, const NewCart& wanted);

// The same without the rows: the caller reads the cart behind these statements, in the same batch.
struct Made {
  std::string id;
  std::vector<db::Command> writes;
};

// What an admin says of the cart of a draft order.
struct Draft {
  std::string region_id;
  std::optional<std::string> customer_id;       // one that isn't there counts as none
  base::Json email;                             // of the guest who buys, where no customer does
  base::Json shipping_address, billing_address; // an object, or the id of one of the customer's; nullish: none
  base::Json metadata;
};
// Medusa 1.20: CartService.create, as DraftOrderService.create calls it. Without items. Call in a transaction. `batch`: further
// reads, which travel with the first of its own.
Made drafted(ports::Call& call, const Draft& wanted, db::Batch batch);

} // namespace commerce::cart
