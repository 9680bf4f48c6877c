#include "commerce/cart/generated.hpp"

namespace commerce::cart {

base::JsonArray generate_items(ports::Call& call, const Buyer& buyer, const std::vector<WantedItem>& wanted) {
  if (wanted.empty()) return {};
  // 1. The variants must be there.
  const auto variants = variants_of(call.db().run(variants_query(call, wanted, "", std::nullopt)), wanted);
  // 2. Price them.
  std::vector<PriceQuestion> questions;
  for (const auto& item : wanted)
    questions.push_back({item.variant_id, facts_of(variants, item.variant_id).product_id, item.quantity});
  const auto prices = prices_of(call, buyer, questions);
  // 3. The items.
  base::JsonArray items;
  for (std::size_t i = 0; i < wanted.size(); i++) {
    auto item = make_item(call, "", facts_of(variants, wanted[i].variant_id), wanted[i], prices[i]);
    for (const char* name : {"cart_id", "has_shipping"}) item.erase(name); // which only a cart's items know
    items.push_back(std::move(item));
  }
  return items;
}

} // namespace commerce::cart
