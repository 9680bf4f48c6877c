// Every expected figure was computed by 1.20.11's own CartService.decorateTotals and
// OrderService.decorateTotals.
#include "commerce/totals/totals.hpp"
#include <doctest/doctest.h>
#include <initializer_list>

namespace {

using namespace commerce::totals;
using commerce::tax::Inclusive;
constexpr Inclusive on = Inclusive::on;
enum Kind { net, gross };

struct ItemCase {
  double price, quantity;
  Kind kind = net;
  std::vector<double> rates{}, adjustments{};
  bool allow_discounts = true;
  double returned = 0;
};
struct MethodCase {
  double price;
  Kind kind = net;
  std::vector<double> rates{};
};
struct Case {
  const char* name;
  Inclusive inclusive = Inclusive::off;
  bool automatic = true, cards_taxable = true;
  std::optional<RuleType> discount{};
  std::optional<double> tax_rate{};
  std::vector<ItemCase> items{};
  std::vector<MethodCase> methods{};
  std::vector<GiftCard> cards{};
  std::vector<GiftCardTransaction> transactions{};
  std::vector<double> payments{}, refunds{};
  // subtotal, raw discount, discount, item tax, shipping, shipping tax, tax, gift cards, their tax, total; of
  // an order also paid, refunded, refundable
  std::vector<double> sums;
  // subtotal, discount, total, original total, original tax, tax; of an order also what is refundable
  std::vector<std::vector<double>> of_items{};
  // subtotal, total, original total, original tax, tax
  std::vector<std::vector<double>> of_methods{};
};

std::vector<commerce::tax::Line> lines(const std::string& owner, const std::vector<double>& rates) {
  std::vector<commerce::tax::Line> result;
  for (const double rate : rates) result.push_back({owner, rate, "n", "c"});
  return result;
}

std::vector<Item> items_of(const Case& c) {
  std::vector<Item> items;
  for (const ItemCase& row : c.items) {
    Item item;
    item.id = "i" + std::to_string(items.size());
    item.unit_price = row.price;
    item.quantity = row.quantity;
    item.returned_quantity = row.returned;
    item.includes_tax = row.kind == gross;
    item.allow_discounts = row.allow_discounts;
    item.has_variant = !row.rates.empty();
    for (const double amount : row.adjustments) item.adjustments.push_back({amount, "d"});
    item.tax_lines = lines(item.id, row.rates);
    items.push_back(std::move(item));
  }
  return items;
}

std::vector<Method> methods_of(const Case& c) {
  std::vector<Method> methods;
  for (const MethodCase& row : c.methods) {
    const std::string id = "m" + std::to_string(methods.size());
    methods.push_back({id, row.price, row.kind == gross, lines(id, row.rates)});
  }
  return methods;
}

std::vector<AppliedDiscount> discounts_of(const Case& c) {
  return c.discount ? std::vector<AppliedDiscount>{{"d", *c.discount}} : std::vector<AppliedDiscount>{};
}

Region region_of(const Case& c) {
  return {20, c.cards_taxable ? GiftCardsTaxable::yes : GiftCardsTaxable::no, c.automatic};
}

using Figures = std::vector<double>;

Figures figures(const ItemTotals& t) {
  return {t.subtotal, t.discount_total, t.total, t.original_total, t.original_tax_total, t.tax_total};
}

template<class Totals> Figures sums(const Totals& t) {
  return {t.subtotal,           t.raw_discount_total, t.discount_total,  t.item_tax_total,      t.shipping_total,
          t.shipping_tax_total, t.tax_total,          t.gift_card_total, t.gift_card_tax_total, t.total};
}

std::vector<Figures> figures(const std::vector<MethodTotals>& methods) {
  std::vector<Figures> result;
  for (const auto& t : methods)
    result.push_back({t.subtotal, t.total, t.original_total, t.original_tax_total, t.tax_total});
  return result;
}

TEST_CASE("totals of carts") {
  const std::vector<Case> cases{
      {.name = "nothing in it", .sums = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
      {.name = "one item without tax",
       .items = {{1950, 1}},
       .sums = {1950, 0, 0, 0, 0, 0, 0, 0, 0, 1950},
       .of_items = {{1950, 0, 1950, 1950, 0, 0}}},
      {.name = "tax of one line",
       .items = {{1000, 2, net, {25}}},
       .methods = {{500, net, {25}}},
       .sums = {2000, 0, 0, 500, 500, 125, 625, 0, 0, 3125},
       .of_items = {{2000, 0, 2500, 2500, 500, 500}},
       .of_methods = {{500, 625, 625, 125, 125}}},
      {.name = "halves of tax go up",
       .items = {{10, 1, net, {25}}},
       .sums = {10, 0, 0, 3, 0, 0, 3, 0, 0, 13},
       .of_items = {{10, 0, 13, 13, 3, 3}}},
      {.name = "negative halves go up too",
       .items = {{-10, 1, net, {25}}},
       .sums = {-10, 0, 0, -2, 0, 0, -2, 0, 0, -12},
       .of_items = {{-10, 0, -12, -12, -2, -2}}},
      {.name = "two lines are rounded one by one",
       .items = {{10, 1, net, {25, 25}}},
       .methods = {{10, net, {25, 25}}},
       .sums = {10, 0, 0, 6, 10, 5, 11, 0, 0, 31},
       .of_items = {{10, 0, 16, 16, 6, 6}},
       .of_methods = {{10, 15, 15, 5, 5}}},
      {.name = "no automatic taxes",
       .automatic = false,
       .items = {{1000, 1}},
       .methods = {{500}},
       .sums = {1000, 0, 0, 0, 500, 0, 0, 0, 0, 1500},
       .of_items = {{1000, 0, 1000, 1000, 0, 0}},
       .of_methods = {{500, 500, 500, 0, 0}}},
      {.name = "no automatic taxes, but lines that were stored",
       .automatic = false,
       .items = {{1000, 1, net, {19}}},
       .methods = {{500, net, {19}}},
       .sums = {1000, 0, 0, 190, 500, 95, 285, 0, 0, 1785},
       .of_items = {{1000, 0, 1190, 1190, 190, 190}},
       .of_methods = {{500, 595, 595, 95, 95}}},
      {.name = "quantity zero",
       .items = {{1000, 0, net, {19}}},
       .sums = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
       .of_items = {{0, 0, 0, 0, 0, 0}}},
      {.name = "percentage discount",
       .discount = RuleType::percentage,
       .items = {{1000, 3, net, {19}, {300}}},
       .methods = {{500, net, {19}}},
       .sums = {3000, 300, 300, 513, 500, 95, 608, 0, 0, 3808},
       .of_items = {{3000, 300, 3213, 3570, 570, 513}},
       .of_methods = {{500, 595, 595, 95, 95}}},
      {.name = "discount of 100 percent",
       .discount = RuleType::percentage,
       .items = {{1000, 1, net, {19}, {1000}}},
       .sums = {1000, 1000, 1000, 0, 0, 0, 0, 0, 0, 0},
       .of_items = {{1000, 1000, 0, 1190, 190, 0}}},
      {.name = "discount of fractions: rounded on each item, and once in the sum",
       .discount = RuleType::fixed,
       .items = {{1000, 1, net, {10}, {333.3333333333333}},
                 {1000, 1, net, {10}, {333.3333333333333}},
                 {1000, 1, net, {10}, {333.3333333333333}}},
       .sums = {3000, 1000, 1000, 201, 0, 0, 201, 0, 0, 2201},
       .of_items = {{1000, 333, 734, 1100, 100, 67}, {1000, 333, 734, 1100, 100, 67}, {1000, 333, 734, 1100, 100, 67}}},
      {.name = "two halves of a discount make one",
       .discount = RuleType::fixed,
       .items = {{100, 1, net, {20}, {10.5}}, {100, 1, net, {20}, {10.5}}},
       .sums = {200, 21, 21, 36, 0, 0, 36, 0, 0, 215},
       .of_items = {{100, 11, 107, 120, 20, 18}, {100, 11, 107, 120, 20, 18}}},
      {.name = "adjustments where discounts are not allowed",
       .discount = RuleType::fixed,
       .items = {{100, 1, net, {}, {50}, false}},
       .sums = {100, 0, 0, 0, 0, 0, 0, 0, 0, 100},
       .of_items = {{100, 0, 100, 100, 0, 0}}},
      {.name = "free shipping",
       .discount = RuleType::free_shipping,
       .items = {{1000, 1, net, {19}}},
       .methods = {{500, net, {19}}},
       .sums = {1000, 0, 0, 190, 0, 0, 190, 0, 0, 1190},
       .of_items = {{1000, 0, 1190, 1190, 190, 190}},
       .of_methods = {{0, 0, 595, 95, 0}}},
      {.name = "gift card smaller than the total, not taxable",
       .cards_taxable = false,
       .items = {{1000, 1, net, {20}}},
       .cards = {{300, std::nullopt}},
       .sums = {1000, 0, 0, 200, 0, 0, 200, 300, 0, 900},
       .of_items = {{1000, 0, 1200, 1200, 200, 200}}},
      {.name = "gift card larger than the total, not taxable",
       .cards_taxable = false,
       .items = {{1000, 1, net, {20}}},
       .cards = {{5000, std::nullopt}},
       .sums = {1000, 0, 0, 200, 0, 0, 200, 1200, 0, 0},
       .of_items = {{1000, 0, 1200, 1200, 200, 200}}},
      {.name = "gift card larger than the total, taxable",
       .items = {{1000, 1, net, {20}}},
       .methods = {{100, net, {20}}},
       .cards = {{5000, 20}},
       .sums = {1000, 0, 0, 200, 100, 20, 220, 1100, 220, 0},
       .of_items = {{1000, 0, 1200, 1200, 200, 200}},
       .of_methods = {{100, 120, 120, 20, 20}}},
      {.name = "taxed gift card pays a part",
       .items = {{1000, 1, net, {20}}},
       .cards = {{333, 20}},
       .sums = {1000, 0, 0, 200, 0, 0, 200, 333, 67, 800},
       .of_items = {{1000, 0, 1200, 1200, 200, 200}}},
      {.name = "two gift cards, the second one pays the rest",
       .items = {{1000, 1, net, {20}}},
       .cards = {{700, 20}, {700, 12.5}},
       .sums = {1000, 0, 0, 200, 0, 0, 200, 1000, 178, 22},
       .of_items = {{1000, 0, 1200, 1200, 200, 200}}},
      {.name = "a gift card without a rate before a taxed one",
       .items = {{1000, 1, net, {20}}},
       .cards = {{700, std::nullopt}, {700, 20}},
       .sums = {1000, 0, 0, 200, 0, 0, 200, 1000, 140, 60},
       .of_items = {{1000, 0, 1200, 1200, 200, 200}}},
      {.name = "gross price, flag off",
       .items = {{1190, 1, gross, {19}}},
       .methods = {{595, gross, {19}}},
       .sums = {1190, 0, 0, 226, 595, 113, 339, 0, 0, 2124},
       .of_items = {{1190, 0, 1416, 1416, 226, 226}},
       .of_methods = {{595, 708, 708, 113, 113}}},
      {.name = "gross price, flag on",
       .inclusive = on,
       .items = {{1190, 1, gross, {19}}},
       .methods = {{595, gross, {19}}},
       .sums = {1000, 0, 0, 190, 500, 95, 285, 0, 0, 1785},
       .of_items = {{1000, 0, 1190, 1190, 190, 190}},
       .of_methods = {{500, 595, 595, 95, 95}}},
      {.name = "gross price, tax within is rounded per unit",
       .inclusive = on,
       .items = {{999, 7, gross, {19}}},
       .sums = {5877, 0, 0, 1116, 0, 0, 1116, 0, 0, 6993},
       .of_items = {{5877, 0, 6993, 6993, 1116, 1116}}},
      {.name = "gross price with a discount",
       .inclusive = on,
       .discount = RuleType::percentage,
       .items = {{1190, 2, gross, {19}, {200}}},
       .sums = {2000, 200, 200, 342, 0, 0, 342, 0, 0, 2142},
       .of_items = {{2000, 200, 2142, 2380, 380, 342}}},
      {.name = "gross price with a discount of fractions",
       .inclusive = on,
       .discount = RuleType::fixed,
       .items = {{1190, 1, gross, {19}, {66.66666666666667}}, {500, 3, net, {19}, {133.33333333333334}}},
       .sums = {2500, 200, 200, 437, 0, 0, 437, 0, 0, 2737},
       .of_items = {{1000, 67, 1110, 1190, 190, 177}, {1500, 133, 1627, 1785, 285, 260}}},
      {.name = "gross price with two lines",
       .inclusive = on,
       .items = {{1200, 1, gross, {10, 10}}},
       .methods = {{1200, gross, {10, 10}}},
       .sums = {1000, 0, 0, 200, 982, 218, 418, 0, 0, 2400},
       .of_items = {{1000, 0, 1200, 1200, 200, 200}},
       .of_methods = {{982, 1200, 1200, 218, 218}}},
      {.name = "gross price without tax lines",
       .inclusive = on,
       .items = {{1200, 1, gross, {}}},
       .sums = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
       .of_items = {{0, 0, 0, 0, 0, 0}}},
      {.name = "gross and net together, gift card and free shipping",
       .inclusive = on,
       .discount = RuleType::free_shipping,
       .items = {{1190, 1, gross, {19}}, {1000, 1, net, {7}}},
       .methods = {{500, gross, {19}}},
       .cards = {{100, 19}},
       .sums = {2000, 0, 0, 260, 0, 0, 260, 100, 19, 2141},
       .of_items = {{1000, 0, 1190, 1190, 190, 190}, {1000, 0, 1070, 1070, 70, 70}},
       .of_methods = {{0, 0, 500, 80, 0}}},
      {.name = "returned item counts negative",
       .items = {{-1000, 1, net, {25}}, {1500, 1, net, {25}}},
       .methods = {{300, net, {25}}},
       .sums = {500, 0, 0, 125, 300, 75, 200, 0, 0, 1000},
       .of_items = {{-1000, 0, -1250, -1250, -250, -250}, {1500, 0, 1875, 1875, 375, 375}},
       .of_methods = {{300, 375, 375, 75, 75}}},
      {.name = "rate of fractions",
       .items = {{1999, 3, net, {8.875}}},
       .methods = {{799, net, {8.875}}},
       .sums = {5997, 0, 0, 532, 799, 71, 603, 0, 0, 7399},
       .of_items = {{5997, 0, 6529, 6529, 532, 532}},
       .of_methods = {{799, 870, 870, 71, 71}}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    Cart cart{items_of(c), methods_of(c), discounts_of(c), c.cards, region_of(c)};
    const CartTotals totals = cart_totals(cart, ForceTaxes::no, c.inclusive);
    CHECK(sums(totals) == c.sums);
    std::vector<Figures> of_items;
    for (const auto& t : totals.items) of_items.push_back(figures(t));
    CHECK(of_items == c.of_items);
    CHECK(figures(totals.shipping_methods) == c.of_methods);
  }
}

TEST_CASE("forced taxes count where the region does not tax automatically") {
  Cart cart;
  cart.region.automatic_taxes = false;
  cart.items = {{.id = "i", .unit_price = 1000, .quantity = 1, .tax_lines = lines("i", {19})}};
  CHECK(cart_totals(cart, ForceTaxes::yes, Inclusive::off).total == 1190);
}

TEST_CASE("tax lines that were not loaded are refused when taxes are wanted") {
  const Item item{.id = "i", .unit_price = 1000, .quantity = 1};
  CHECK_THROWS_WITH(item_totals(item, {}, {}), "Tax Lines must be joined to calculate taxes");
  CHECK(item_totals(item, {}, {IncludeTax::no}).total == 1000);
  const auto provided = lines("i", {10});
  CHECK(item_totals(item, {}, {}, &provided).total == 1100);
  const Method method{.id = "m", .price = 500};
  CHECK_THROWS_WITH(method_totals(method, FreeShipping::no, {}),
                    "Tax Lines must be joined to calculate shipping taxes");
  CHECK_THROWS(item_refund(item, {}, std::nullopt, Inclusive::off));
}

TEST_CASE("only the first discount that is not free shipping is allocated, and what was adjusted by hand") {
  Item item{.id = "i", .unit_price = 1000, .quantity = 3};
  item.adjustments = {{10, "free"}, {100, "first"}, {1000, "second"}, {5, std::nullopt}};
  const std::vector<AppliedDiscount> discounts{
      {"free", RuleType::free_shipping}, {"first", RuleType::fixed}, {"second", RuleType::fixed}};
  CHECK(allocate({item}, discounts).at("i").amount == 105);
  CHECK(allocate({item}, discounts).at("i").unit_amount == 35);
  item.allow_discounts = false;
  CHECK(allocate({item}, discounts).at("i").amount == 5);
  CHECK(allocate({item}, {}).at("i").amount == 5);
}

TEST_CASE("totals of orders") {
  const std::vector<Case> cases{
      {.name = "nothing in it", .sums = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
      {.name = "paid order",
       .items = {{1950, 1, net, {19}}},
       .methods = {{1000, net, {19}}},
       .payments = {3511},
       .refunds = {},
       .sums = {1950, 0, 0, 371, 1000, 190, 561, 0, 0, 3511, 3511, 0, 3511},
       .of_items = {{1950, 0, 2321, 2321, 371, 371, 2321}},
       .of_methods = {{1000, 1190, 1190, 190, 190}}},
      {.name = "partly refunded, one of three came back",
       .items = {{1000, 3, net, {25}, {}, true, 1}},
       .methods = {{500, net, {25}}},
       .payments = {4375},
       .refunds = {1250},
       .sums = {3000, 0, 0, 750, 500, 125, 875, 0, 0, 4375, 4375, 1250, 3125},
       .of_items = {{3000, 0, 3750, 3750, 750, 750, 2500}},
       .of_methods = {{500, 625, 625, 125, 125}}},
      {.name = "refunds larger than payments",
       .items = {{100, 1, net, {0}}},
       .payments = {100},
       .refunds = {80, 70},
       .sums = {100, 0, 0, 0, 0, 0, 0, 0, 0, 100, 100, 150, -50},
       .of_items = {{100, 0, 100, 100, 0, 0, 100}}},
      {.name = "discount split over units",
       .discount = RuleType::fixed,
       .items = {{1000, 3, net, {25}, {1000}, true, 1}},
       .payments = {2500},
       .refunds = {},
       .sums = {3000, 1000, 1000, 500, 0, 0, 500, 0, 0, 2500, 2500, 0, 2500},
       .of_items = {{3000, 1000, 2500, 3750, 750, 500, 1668}}},
      {.name = "discount split over units, gross",
       .inclusive = on,
       .discount = RuleType::fixed,
       .items = {{1250, 3, gross, {25}, {1000}, true, 1}},
       .payments = {2500},
       .refunds = {},
       .sums = {3000, 1000, 1000, 500, 0, 0, 500, 0, 0, 2500, 2500, 0, 2500},
       .of_items = {{3000, 1000, 2500, 3750, 750, 500, 1668}}},
      {.name = "all came back",
       .discount = RuleType::percentage,
       .items = {{1000, 2, net, {25}, {200}, true, 2}},
       .payments = {2250},
       .refunds = {2250},
       .sums = {2000, 200, 200, 450, 0, 0, 450, 0, 0, 2250, 2250, 2250, 0},
       .of_items = {{2000, 200, 2250, 2500, 500, 450, 0}}},
      {.name = "old way of taxing",
       .tax_rate = 25,
       .items = {{1000, 2}},
       .methods = {{500}},
       .payments = {3125},
       .refunds = {},
       .sums = {2000, 0, 0, 500, 500, 125, 625, 0, 0, 3125, 3125, 0, 3125},
       .of_items = {{2000, 0, 2500, 2500, 500, 500, 2500}},
       .of_methods = {{500, 500, 500, 125, 125}}},
      {.name = "old way with a discount and a return",
       .discount = RuleType::percentage,
       .tax_rate = 12.5,
       .items = {{999, 3, net, {}, {300}, true, 1}},
       .methods = {{495}},
       .sums = {2997, 300, 300, 337, 495, 62, 399, 0, 0, 3591, 0, 0, 0},
       .of_items = {{2997, 300, 3334, 3372, 375, 337, 1910}},
       .of_methods = {{495, 495, 495, 62, 62}}},
      {.name = "old way, gross",
       .inclusive = on,
       .tax_rate = 25,
       .items = {{1250, 2, gross, {}}},
       .methods = {{500, gross, {}}},
       .sums = {2000, 0, 0, 500, 500, 125, 625, 0, 0, 3125, 0, 0, 0},
       .of_items = {{2000, 0, 2500, 2500, 500, 500, 2500}},
       .of_methods = {{500, 500, 500, 125, 125}}},
      {.name = "old way, gross but flag off",
       .tax_rate = 25,
       .items = {{1250, 2, gross, {}}},
       .sums = {1874, 0, 0, 469, 0, 0, 469, 0, 0, 2343, 0, 0, 0},
       .of_items = {{1874, 0, 2343, 2969, 469, 469, 3125}}},
      {.name = "old way of zero percent is the new way but for refunds",
       .tax_rate = 0,
       .items = {{1000, 2, net, {25}}},
       .methods = {{500, net, {25}}},
       .sums = {2000, 0, 0, 500, 500, 125, 625, 0, 0, 3125, 0, 0, 0},
       .of_items = {{2000, 0, 2500, 2500, 500, 500, 2000}},
       .of_methods = {{500, 625, 625, 125, 125}}},
      {.name = "free shipping, old way",
       .discount = RuleType::free_shipping,
       .tax_rate = 25,
       .items = {{1000, 1}},
       .methods = {{500}},
       .sums = {1000, 0, 0, 250, 0, 0, 250, 0, 0, 1250, 0, 0, 0},
       .of_items = {{1000, 0, 1250, 1250, 250, 250, 1250}},
       .of_methods = {{0, 0, 500, 125, 0}}},
      {.name = "free shipping, new way",
       .discount = RuleType::free_shipping,
       .items = {{1000, 1, net, {25}}},
       .methods = {{500, net, {25}}},
       .sums = {1000, 0, 0, 250, 0, 0, 250, 0, 0, 1250, 0, 0, 0},
       .of_items = {{1000, 0, 1250, 1250, 250, 250, 1250}},
       .of_methods = {{0, 0, 625, 125, 0}}},
      {.name = "gift card transaction",
       .items = {{1000, 1, net, {25}}},
       .transactions = {{500, 25, true, std::nullopt}},
       .sums = {1000, 0, 0, 250, 0, 0, 125, 500, 125, 625, 0, 0, 0},
       .of_items = {{1000, 0, 1250, 1250, 250, 250, 1250}}},
      {.name = "old gift card transaction takes the card's rate",
       .items = {{1000, 1, net, {25}}},
       .transactions = {{333, std::nullopt, std::nullopt, 10}, {333, std::nullopt, std::nullopt, std::nullopt}},
       .sums = {1000, 0, 0, 250, 0, 0, 150, 666, 100, 484, 0, 0, 0},
       .of_items = {{1000, 0, 1250, 1250, 250, 250, 1250}}},
      {.name = "old gift card transaction where cards are not taxable",
       .cards_taxable = false,
       .items = {{1000, 1, net, {25}}},
       .transactions = {{333, std::nullopt, std::nullopt, std::nullopt}, {100, std::nullopt, std::nullopt, 10}},
       .sums = {1000, 0, 0, 250, 0, 0, 240, 433, 10, 807, 0, 0, 0},
       .of_items = {{1000, 0, 1250, 1250, 250, 250, 1250}}},
      {.name = "gift card without transactions",
       .items = {{1000, 1, net, {25}}},
       .cards = {{400, 25}},
       .sums = {1000, 0, 0, 250, 0, 0, 150, 400, 100, 750, 0, 0, 0},
       .of_items = {{1000, 0, 1250, 1250, 250, 250, 1250}}},
      {.name = "cardable amount keeps the fraction of the discount",
       .discount = RuleType::fixed,
       .items = {{1000, 1, net, {10}, {333.3333333333333}}},
       .cards = {{5000, std::nullopt}},
       .sums = {1000, 333.3333333333333, 333, 67, 0, 0, 67, 666.6666666666667, 0, 67.33333333333326, 0, 0, 0},
       .of_items = {{1000, 333, 734, 1100, 100, 67, 734}}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    Order order;
    order.items = items_of(c);
    order.shipping_methods = methods_of(c);
    order.discounts = discounts_of(c);
    order.gift_cards = c.cards;
    order.gift_card_transactions = c.transactions;
    order.payments = c.payments;
    order.refunds = c.refunds;
    order.region = region_of(c);
    order.tax_rate = c.tax_rate;
    const OrderTotals totals = order_totals(order, Returnable::not_asked, c.inclusive);
    Figures all = sums(totals);
    all.insert(all.end(), {totals.paid_total, totals.refunded_total, totals.refundable_amount});
    CHECK(all == c.sums);
    std::vector<Figures> of_items;
    for (const auto& part : totals.items) {
      of_items.push_back(figures(*part.totals));
      of_items.back().push_back(part.refundable);
    }
    CHECK(of_items == c.of_items);
    CHECK(figures(totals.shipping_methods) == c.of_methods);
  }
}

TEST_CASE("items of swaps show what is left, and have totals only when returnable items are asked for") {
  Order order;
  order.swap_items = {{.id = "s",
                       .unit_price = 100,
                       .quantity = 3,
                       .returned_quantity = 1,
                       .shipped_quantity = 3,
                       .tax_lines = lines("s", {10})}};
  auto totals = order_totals(order, Returnable::not_asked, Inclusive::off);
  CHECK_FALSE(totals.swap_items[0].totals);
  CHECK(totals.swap_items[0].quantity == 2);
  CHECK(totals.swap_items[0].refundable == 220);
  CHECK_FALSE(totals.swap_items[0].returnable);
  totals = order_totals(order, Returnable::yes, Inclusive::off);
  CHECK(totals.swap_items[0].totals->total == 330);
  CHECK(totals.swap_items[0].quantity == 3);
  CHECK(totals.swap_items[0].returnable);
  CHECK(totals.total == 0);
}

} // namespace
