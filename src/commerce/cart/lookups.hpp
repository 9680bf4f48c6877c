// What the operations on a cart ask the database besides the cart itself: discounts, gift cards, rates. Each function
// costs one or two round trips, however many rows. Called by the operations of this folder.
#pragma once
#include "commerce/cart/state.hpp"
#include "commerce/discount/discount.hpp"
#include <string>
#include <vector>

namespace commerce::cart {

// A discount that is on the cart, with its conditions, and for each product ("" where an item has none) whether they
// hold.
struct DiscountForProducts {
  discount::Discount discount;
  std::vector<discount::Matches> matches;
};
DiscountForProducts discount_for_products(ports::Call& call, const Discount& applied,
                                          const std::vector<std::string>& product_ids);

// With rules, conditions and regions; in the database's order.
std::vector<discount::Discount> discounts_by_code(ports::Call& call, const std::vector<std::string>& codes);
// Throws for the first that may not be used; an empty customer id is nobody.
void check_discounts(ports::Call& call, const std::vector<discount::Discount>& discounts, const std::string& region_id,
                     const std::string& customer_id);
Discount applied_of(const discount::Discount& discount);

struct GiftCardFacts {
  std::string id, code, region_id;
  bool is_disabled = false;
};
std::vector<GiftCardFacts> gift_cards_by_code(ports::Call& call, const std::vector<std::string>& codes);

// Gives the items the lines that the region's rates make: with tax-inclusive pricing a discount depends on them.
void add_tax_lines(const State& state, std::vector<totals::Item>& items);

// What the option of a shipping method costs; nullopt where its amount is calculated elsewhere.
std::optional<base::Amount> method_option_amount(const State& state, const base::Json& method);

} // namespace commerce::cart
