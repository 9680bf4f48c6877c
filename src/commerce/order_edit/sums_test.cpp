// Every expected figure was computed by 1.20.11's own OrderEditService.decorateTotals.
#include "commerce/order_edit/sums.hpp"
#include <doctest/doctest.h>

namespace {

using namespace commerce::totals;
using commerce::tax::Inclusive;
constexpr Inclusive on = Inclusive::on;
enum Kind { net, gross };

struct ItemCase {
  double price, quantity;
  std::vector<double> rates{0};
  std::vector<double> adjustments{};
  Kind kind = net;
  double returned = 0;
};
struct MethodCase {
  double price;
  std::vector<double> rates{0};
  Kind kind = net;
};
struct Case {
  const char* name;
  std::vector<ItemCase> before, after;
  MethodCase method;
  // subtotal, discount, shipping, tax, gift cards, their tax, total, difference due
  std::vector<double> sums;
  std::optional<RuleType> discount{};
  std::vector<GiftCard> cards{};
  GiftCardsTaxable cards_taxable = GiftCardsTaxable::yes;
  Inclusive inclusive = Inclusive::off;
};

std::vector<commerce::tax::Line> lines(const std::string& owner, const std::vector<double>& rates) {
  std::vector<commerce::tax::Line> result;
  for (const double rate : rates) result.push_back({owner, rate, "n", "c"});
  return result;
}

std::vector<Item> items_of(const std::vector<ItemCase>& rows, const std::string& prefix, bool by_discount) {
  std::vector<Item> items;
  for (const auto& row : rows) {
    const std::string id = prefix + std::to_string(items.size());
    Item item{.id = id,
              .unit_price = row.price,
              .quantity = row.quantity,
              .returned_quantity = row.returned,
              .includes_tax = row.kind == gross,
              .tax_lines = lines(id, row.rates)};
    for (const double amount : row.adjustments)
      item.adjustments.push_back({amount, by_discount ? std::optional<std::string>("d") : std::nullopt});
    items.push_back(std::move(item));
  }
  return items;
}

const Case kCases[] = {
    {.name = "one unit more",
     .before = {{1000, 2}},
     .after = {{1000, 3}},
     .method = {800},
     .sums = {3000, 0, 800, 0, 0, 0, 3800, 1000}},
    {.name = "nothing is left",
     .before = {{1000, 2, {10}}},
     .after = {},
     .method = {800, {7}},
     .sums = {0, 0, 800, 56, 0, 0, 856, -2200}},
    {.name = "another item with its own rate",
     .before = {{1000, 3, {5}, {300}}},
     .after = {{1000, 3, {5}, {300}}, {1429, 2, {12.5}, {286}}},
     .method = {1200, {7}},
     .sums = {5858, 586, 1200, 541, 0, 0, 7013, 2894},
     .discount = RuleType::percentage},
    {.name = "a fixed amount split anew",
     .before = {{1600, 1, {0}, {275.95722662987237}}, {1299, 1, {0}, {224.04277337012763}}},
     .after = {{1600, 1, {0}, {152.9051987767584}},
               {1299, 1, {0}, {124.13990825688073}},
               {2333, 1, {0}, {222.95489296636086}}},
     .method = {1000},
     .sums = {5232, 500, 1000, 0, 0, 0, 5732, 2333},
     .discount = RuleType::fixed},
    {.name = "units that came back count less",
     .before = {{1000, 3, {5}, {300}, net, 1}, {2550, 1, {12.5}, {255}}},
     .after = {{1000, 4, {5}, {400}, net, 1}},
     .method = {1200, {7}},
     .sums = {4000, 400, 1200, 264, 0, 0, 5064, -1637},
     .discount = RuleType::percentage},
    {.name = "shipping stays free",
     .before = {{999, 1, {19}}},
     .after = {{999, 5, {19}}},
     .method = {500, {19}},
     .sums = {4995, 0, 0, 949, 0, 0, 5944, 4755},
     .discount = RuleType::free_shipping},
    {.name = "a gift card pays for more",
     .before = {{1000, 1, {20}}},
     .after = {{1000, 4, {20}}},
     .method = {300, {20}},
     .sums = {4000, 0, 300, 860, 2500, 0, 2660, 2400},
     .cards = {{2500}}},
    {.name = "a gift card that is not taxed pays for more",
     .before = {{1000, 1, {20}}},
     .after = {{1000, 4, {20}}},
     .method = {300, {20}},
     .sums = {4000, 0, 300, 860, 2500, 0, 2660, 2660},
     .cards = {{2500}},
     .cards_taxable = GiftCardsTaxable::no},
    {.name = "prices hold the taxes",
     .before = {{1190, 1, {19}, {}, gross}},
     .after = {{1190, 3, {19}, {}, gross}, {333, 7, {7}, {}, gross}},
     .method = {595, {19}, gross},
     .sums = {5179, 0, 500, 817, 0, 0, 6496, 4711},
     .inclusive = on},
    {.name = "a discount on prices that hold the taxes",
     .before = {{1599, 2, {5}, {305}, gross}},
     .after = {{1599, 3, {5}, {457}, gross}, {999, 1, {10}, {100}}},
     .method = {800, {7}},
     .sums = {5568, 557, 800, 352, 0, 0, 6163, 2429},
     .discount = RuleType::percentage,
     .inclusive = on},
};

} // namespace

TEST_CASE("an order that is edited comes to what 1.20 says") {
  for (const auto& c : kCases) {
    CAPTURE(c.name);
    Order order{.items = items_of(c.before, "b", c.discount.has_value()),
                .shipping_methods = {{.id = "m",
                                      .price = c.method.price,
                                      .includes_tax = c.method.kind == gross,
                                      .tax_lines = lines("m", c.method.rates)}},
                .gift_cards = c.cards,
                .region = {10, c.cards_taxable, true}};
    if (c.discount) order.discounts = {{"d", *c.discount}};
    const auto [edited, due] =
        commerce::order_edit::sums(order, items_of(c.after, "a", c.discount.has_value()), c.inclusive);
    CHECK(std::vector<double>{edited.subtotal, edited.discount_total, edited.shipping_total, edited.tax_total,
                              edited.gift_card_total, edited.gift_card_tax_total, edited.total, due} == c.sums);
    CHECK(edited.items.size() == c.after.size());
  }
}
