// The figures were computed by 1.20.11's ClaimService and TotalsService, given the same orders with all adjustments.
#include "commerce/claim/refund.hpp"
#include <doctest/doctest.h>

namespace claim = commerce::claim;
namespace tax = commerce::tax;
namespace totals = commerce::totals;

namespace {

struct Made {
  std::vector<double> rates{};
  std::vector<totals::Adjustment> adjustments{};
  bool includes_tax = false, allow_discounts = true;
};
totals::Item item(const char* id, double unit_price, double quantity, double shipped, const Made& made = {}) {
  totals::Item item{.id = id,
                    .unit_price = unit_price,
                    .quantity = quantity,
                    .shipped_quantity = shipped,
                    .includes_tax = made.includes_tax,
                    .allow_discounts = made.allow_discounts,
                    .adjustments = made.adjustments};
  item.tax_lines.emplace();
  for (const double rate : made.rates) item.tax_lines->push_back({id, rate, "tax"});
  return item;
}
totals::Order order(std::vector<totals::Item> items) { return {.items = std::move(items)}; }
totals::Order discounted(std::vector<totals::Item> items) {
  return {.items = std::move(items), .discounts = {{"d", totals::RuleType::percentage}}};
}
totals::Order taxed_by(double rate, totals::Order order) {
  order.tax_rate = rate;
  return order;
}

} // namespace

TEST_CASE("claim: what is given back") {
  constexpr auto off = tax::Inclusive::off, on = tax::Inclusive::on;
  struct Case {
    const char* name;
    totals::Order order;
    std::vector<claim::Claimed> claimed;
    base::Amount refund;
    tax::Inclusive inclusive = tax::Inclusive::off;
  };
  const totals::Item twice = item("a", 1190, 2, 2, {.rates = {19}, .includes_tax = true});
  const std::vector<Case> cases{
      {"one unit, no tax", order({item("a", 1000, 2, 2)}), {{"a", 1}}, 1000},
      {"all units with tax", order({item("a", 999, 3, 3, {.rates = {19}})}), {{"a", 3}}, 3566},
      {"two tax lines, each rounded for itself",
       order({item("a", 333, 1, 1, {.rates = {12.5, 7.5}})}),
       {{"a", 1}},
       400},
      {"its share of a discount",
       discounted({item("a", 1100, 4, 4, {.rates = {10}, .adjustments = {{440, "d"}}})}),
       {{"a", 1}},
       1089},
      {"a discount that does not divide",
       discounted({item("a", 1000, 3, 3, {.rates = {10}, .adjustments = {{100, "d"}}})}),
       {{"a", 2}},
       2127},
      {"an adjustment by hand", order({item("a", 1000, 2, 2, {.adjustments = {{200}}})}), {{"a", 1}}, 900},
      {"no discounts on it",
       discounted({item("a", 1000, 2, 2, {.adjustments = {{200, "d"}}, .allow_discounts = false})}),
       {{"a", 1}},
       1000},
      {"not shipped", order({item("a", 1000, 2, 0)}), {{"a", 1}}, 0},
      {"more than was shipped", order({item("a", 1000, 3, 2)}), {{"a", 3}}, 0},
      {"unknown", order({item("a", 1000, 3, 2)}), {{"b", 1}}, 0},
      {"two items",
       order({item("a", 1001, 1, 1, {.rates = {7}}), item("b", 333, 2, 2, {.rates = {19}})}),
       {{"a", 1}, {"b", 2}},
       1864},
      {"the same item twice", order({item("a", 500, 2, 2)}), {{"a", 1}, {"a", 1}}, 1000},
      {"of a swap",
       {.items = {item("a", 500, 2, 2)}, .swap_items = {item("s", 700, 1, 1, {.rates = {10}})}},
       {{"s", 1}},
       770},
      {"of a claim",
       {.items = {item("a", 500, 2, 2)}, .claim_items = {item("c", 750, 2, 2, {.rates = {10}})}},
       {{"c", 2}},
       1650},
      {"the old way of taxing",
       taxed_by(12.5, discounted({item("a", 1001, 2, 2, {.adjustments = {{100, "d"}}})})),
       {{"a", 1}},
       1070},
      {"the old way, untaxed", taxed_by(0, order({item("a", 1001, 2, 2, {.rates = {19}})})), {{"a", 2}}, 2002},
      {"a gross price", order({twice}), {{"a", 1}}, 1190, on},
      {"a gross price with a discount",
       discounted({item("a", 1190, 2, 2, {.rates = {19}, .adjustments = {{238, "d"}}, .includes_tax = true})}),
       {{"a", 1}},
       1048,
       on},
      {"a gross price, the flag off", order({twice}), {{"a", 1}}, 1416, off},
      {"halves go up", order({item("a", 5, 1, 1, {.rates = {10}})}), {{"a", 1}}, 6},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(claim::refund_total(c.order, c.claimed, c.inclusive) == c.refund);
  }
}
