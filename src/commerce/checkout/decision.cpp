#include "commerce/checkout/decision.hpp"
#include <algorithm>

namespace commerce::checkout {

Decision decide(const Facts& facts) {
  // 1. The cart is an order by now: what was taken for a second one goes back.
  if (facts.has_order) return {facts.takes() ? End::give_back : End::has_order};
  // 2. Short of stock. Where stock is short nothing of it was taken, but discounts may have been counted.
  const bool counted =
      std::any_of(facts.discounts.begin(), facts.discounts.end(), [](const Use& u) { return u.counted; });
  if (!facts.out_of_stock.empty()) return {counted ? End::give_back : End::out_of_stock};
  // 3. The order itself is refused, or an earlier attempt was.
  if (facts.own_refusal) return {End::refused, facts.own_refusal};
  if (facts.earlier) return {End::refused, facts.earlier};
  // 4. Who has only looked could have had it all: once more.
  if (!facts.takes()) return {End::give_back};
  // 5. A discount that could not be counted has reached its limit.
  for (const Use& use : facts.discounts)
    if (!use.counted)
      return {End::give_back,
              base::Error::not_allowed("Discount " + use.code + " has been used maximum allowed times")};
  return {End::finished};
}

} // namespace commerce::checkout
