// Line items of a cart: made from variants, merged, changed, removed. Each function changes the state only; the prices
// that they need cost a round trip. Called by the store routes of carts, on the fiber of the request.
#pragma once
#include "base/hash.hpp"
#include "commerce/cart/state.hpp"
#include <unordered_map>
#include <vector>

namespace commerce::cart {

struct WantedItem {
  std::string variant_id;
  std::int64_t quantity = 0;
  base::Json metadata;                      // nullish: none
  std::optional<base::Amount> unit_price{}; // agreed on; otherwise the variant's own
};

// What adding items must know of their variants.
struct VariantFacts {
  std::string id, product_id, title, product_title;
  std::optional<std::string> thumbnail;
  bool discountable = true, is_giftcard = false, allow_backorder = false, manage_inventory = true;
  bool in_sales_channel = true; // of the cart
  bool published = true;
  bool opened_by_key = true; // the request's publishable key, if there is one, opens a sales channel of the product
  std::int64_t inventory_quantity = 0;
};
// The statement that asks for them; to be sent along with the cart's own read. The sales channel is the given one,
// else the cart's, else the store's default.
db::Command variants_query(const ports::Call& call, const std::vector<WantedItem>& wanted, std::string_view cart_id,
                           const std::optional<std::string>& sales_channel_id);
// By id. Throws invalid_data when one is missing.
std::vector<VariantFacts> variants_of(const db::Result& result, const std::vector<WantedItem>& wanted);
// Those of a variant that is among what variants_of() gave.
const VariantFacts& facts_of(const std::vector<VariantFacts>& variants, std::string_view id);
// By variant, the quantity that is wanted last. Looks at `wanted`, which must outlive it.
using LastQuantities = std::unordered_map<std::string_view, std::int64_t, base::KeyedHash>;
LastQuantities last_quantities(const std::vector<WantedItem>& wanted);

// Who buys, as prices see it.
struct Buyer {
  std::string region_id;
  std::optional<std::string> customer_id;
};
struct VariantPrice {
  std::optional<base::Amount> amount;
  bool includes_tax = false;
};
struct PriceQuestion {
  std::string variant_id, product_id;
  std::int64_t quantity = 0;
};
// The prices in the order of the questions.
std::vector<VariantPrice> prices_of(ports::Call& call, const Buyer& buyer, const std::vector<PriceQuestion>& questions);

// What an item costs, and whether the tax is in it: each follows from the price, so they never change apart. 1.20 leaves
// includes_tax as it was.
void set_price(State& state, std::string_view item_id, const VariantPrice& price);

// A line item's columns. Throws invalid_data for a variant without a price.
base::Json make_item(ports::Call& call, std::string_view cart_id, const VariantFacts& variant, const WantedItem& wanted,
                     const VariantPrice& price);

// Medusa 1.20: LineItemService.generate and CartService.addOrUpdateLineItems. `buyer` prices the new items. Needs items,
// discounts and methods.
enum class From { the_carts_channel, anywhere }; // where the products must be sold
void add_items(State& state, const std::vector<WantedItem>& wanted, std::vector<VariantFacts> variants,
               const Buyer& buyer, From from = From::the_carts_channel);
// The columns of items that are not in the cart yet, priced for the buyer; where several name one variant, the quantity that
// is wanted last decides on its price. Throws as make_item().
base::JsonArray new_items(ports::Call& call, std::string_view cart_id, const Buyer& buyer,
                          const std::vector<WantedItem>& wanted, const std::vector<VariantFacts>& variants);
// Throws where a shopper wants what is not published (1.20 sells drafts to whoever knows the id), or what the request's
// publishable key does not open.
void check_may_be_bought(const ports::Call& call, const std::vector<WantedItem>& wanted,
                         const std::vector<VariantFacts>& variants);
// Medusa 1.20: the sales channel, then the stock of what is wanted; `quantities` by variant after merging.
void check_sales_channel(ports::Call& call, const std::vector<WantedItem>& wanted,
                         const std::vector<VariantFacts>& variants);
bool in_stock(const VariantFacts& variant, std::int64_t quantity);
// Throws not_allowed where it isn't.
void refuse_out_of_stock(const VariantFacts& variant, std::int64_t quantity);
// The same for an item that is in the cart already, in other words.
void refuse_more_than_stock(const VariantFacts& variant, std::int64_t quantity);
// Where the inventory module is on, it says how many there are for the cart's sales channel; one more round trip.
void ask_inventory(ports::Call& call, std::vector<VariantFacts>& variants, const std::string& sales_channel_id);

// Medusa 1.20: CartService.updateLineItem. Throws where the cart has no such item, or stock doesn't suffice.
void update_item(State& state, std::string_view item_id, std::int64_t quantity, const base::Json& metadata);
// Medusa 1.20: CartService.removeLineItem. Items that the cart hasn't got are passed over. True when one was removed.
bool remove_items(State& state, const std::vector<std::string>& item_ids);

} // namespace commerce::cart
