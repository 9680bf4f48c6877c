// Draft orders while they are open: made, changed, removed. A draft is a cart that an admin fills; whoever changes it locks the
// cart's row first, as everybody does who changes carts. Owns the rows of draft_order, but for their end, which is checkout's.
// Called by the admin routes, on the fiber of the request. All throw base::Error with 1.20's sentences.
// Medusa 1.20: DraftOrderService, and what the handlers of its routes do
#pragma once
#include "base/json.hpp"
#include "base/money.hpp"
#include "commerce/cart/create.hpp"
#include "commerce/cart/state.hpp"
#include "db/batch.hpp"
#include "ports/call.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::draft_order {

// A line: of a variant, or of something that the shop doesn't list.
struct ItemWish {
  std::optional<std::string> variant_id{};
  std::string title = "Custom item";        // of what is no variant
  std::optional<base::Amount> unit_price{}; // without one, the variant's price, or nothing
  std::int64_t quantity = 0;
  base::Json metadata{};
};
struct MethodWish {
  std::string option_id;
  base::Json data = base::Json::object();
  std::optional<base::Amount> price{}; // agreed on for this draft alone
};
struct Wish {
  cart::Draft cart;
  std::vector<ItemWish> items{};
  std::vector<MethodWish> shipping_methods{};
  std::vector<std::string> discounts{}; // codes
  std::optional<bool> no_notification_order{};
};
// Returns its id.
std::string create(ports::Call& call, const Wish& wish);

// `changes`: a checked body of POST /admin/draft-orders/:id.
void update(ports::Call& call, const std::string& draft_id, const base::Json& changes);

// Its cart stays, as in 1.20. Nothing happens where there is no such draft; throws not_allowed where it has become an order.
void remove(ports::Call& call, const std::string& draft_id);

// An open draft's cart. Throws not_found, and not_allowed where the draft has become an order.
struct Open {
  std::string cart_id;
  std::optional<std::string> customer_id;
};
Open find_open(ports::Call& call, const std::string& draft_id);
// The cart, locked; throws not_allowed where it has become an order meanwhile. `before` as query::read_one.
cart::State lock_open(ports::Call& call, const Open& draft, const cart::Needs& needs, db::Batch before = {});

// Lets what has changed in the cart travel with the transaction.
void write_cart(ports::Call& call, const cart::State& cart);

// The columns of a line that is no variant's.
base::Json custom_item(const std::string& cart_id, const ItemWish& wish);

} // namespace commerce::draft_order
