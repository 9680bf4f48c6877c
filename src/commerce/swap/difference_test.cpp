// Every figure was computed by 1.20.11's own LineItemService.createReturnLines and CartService.decorateTotals.
#include "commerce/swap/difference.hpp"
#include <cmath>
#include <doctest/doctest.h>

namespace swap = commerce::swap;
namespace totals = commerce::totals;
using commerce::tax::Inclusive;
using swap::Settling;
using swap::Success;

namespace {

constexpr Inclusive on = Inclusive::on;
enum Kind { net, gross };

struct Bought {
  double price, quantity;
  Kind kind;
  std::vector<double> rates, adjustments;
  bool allow_discounts = true;
};
struct Back {
  Bought item;
  double quantity;
};
struct Way {
  double price;
  std::vector<double> rates;
};
struct Method {
  double price;
  Kind kind;
  std::vector<double> rates;
};
struct Case {
  const char* name;
  Inclusive inclusive = Inclusive::off;
  bool discount = false;
  std::vector<Back> back{};
  std::vector<Way> way_back{};
  std::vector<Bought> out{};
  std::vector<Method> methods{};
  std::vector<double> figures{}; // subtotal, discount, tax, shipping, total
};

std::vector<commerce::tax::Line> lines(const std::vector<double>& rates) {
  std::vector<commerce::tax::Line> all;
  for (const double rate : rates) all.push_back({"", rate, "n", "c"});
  return all;
}

totals::Item item_of(const Bought& bought) {
  totals::Item item;
  item.unit_price = bought.price;
  item.quantity = bought.quantity;
  item.includes_tax = bought.kind == gross;
  item.allow_discounts = bought.allow_discounts;
  item.has_variant = !bought.rates.empty();
  for (const double amount : bought.adjustments) item.adjustments.push_back({amount, "d"});
  item.tax_lines = lines(bought.rates);
  return item;
}

std::vector<double> figures(const Case& c) {
  totals::Cart cart;
  for (const auto& out : c.out) cart.items.push_back(item_of(out));
  for (const auto& way : c.way_back) cart.items.push_back(swap::return_shipping_line(way.price, lines(way.rates)));
  for (const auto& back : c.back) cart.items.push_back(swap::returned_line(item_of(back.item), back.quantity));
  for (std::size_t i = 0; i < cart.items.size(); i++) cart.items[i].id = "i" + std::to_string(i);
  for (const auto& method : c.methods)
    cart.shipping_methods.push_back({"m", method.price, method.kind == gross, lines(method.rates)});
  if (c.discount) cart.discounts.push_back({"d", totals::RuleType::percentage});
  const auto sums = totals::cart_totals(cart, totals::ForceTaxes::no, c.inclusive);
  return {sums.subtotal, sums.discount_total, sums.tax_total, sums.shipping_total, sums.total};
}

} // namespace

TEST_CASE("swap: what is to be paid, or given back") {
  const std::vector<Case> cases{
      {.name = "one for one",
       .back = {{{1000, 1, net, {}, {}}, 1}},
       .out = {{1000, 1, net, {}, {}}},
       .figures = {0, 0, 0, 0, 0}},
      {.name = "something dearer",
       .back = {{{1000, 1, net, {25}, {}}, 1}},
       .out = {{1500, 2, net, {25}, {}}},
       .methods = {{500, net, {25}}},
       .figures = {2000, 0, 625, 500, 3125}},
      {.name = "something cheaper",
       .back = {{{2550, 1, net, {12.5}, {}}, 1}},
       .out = {{900, 1, net, {5}, {}}},
       .figures = {-1650, 0, -274, 0, -1924}},
      {.name = "nothing goes out", .back = {{{1000, 3, net, {5}, {}}, 2}}, .figures = {-2000, 0, -100, 0, -2100}},
      {.name = "the way back costs something",
       .back = {{{1000, 1, net, {5}, {}}, 1}},
       .way_back = {{800, {7}}},
       .out = {{1000, 1, net, {5}, {}}},
       .figures = {800, 0, 56, 0, 856}},
      {.name = "a discount on both",
       .discount = true,
       .back = {{{1000, 2, net, {5}, {200}}, 2}},
       .out = {{2550, 1, net, {12.5}, {255}}},
       .figures = {550, 55, 197, 0, 692}},
      {.name = "the whole discount goes with a part of the units",
       .discount = true,
       .back = {{{1000, 3, net, {5}, {300}}, 1}},
       .out = {{1000, 1, net, {5}, {100}}},
       .figures = {0, -200, 10, 0, 210}},
      {.name = "a discount that is gone",
       .back = {{{1000, 2, net, {5}, {200}}, 2}},
       .figures = {-2000, 0, -100, 0, -2100}},
      {.name = "an item without discounts",
       .discount = true,
       .back = {{{1000, 1, net, {5}, {100}, false}, 1}},
       .figures = {-1000, 0, -50, 0, -1050}},
      {.name = "halves of tax below zero", .back = {{{10, 1, net, {25}, {}}, 1}}, .figures = {-10, 0, -2, 0, -12}},
      {.name = "halves of tax on both sides",
       .back = {{{10, 1, net, {25}, {}}, 1}},
       .out = {{10, 1, net, {25}, {}}},
       .figures = {0, 0, 1, 0, 1}},
      {.name = "a fixed discount's thirds",
       .discount = true,
       .back = {{{1000, 1, net, {}, {100.0 / 3}}, 1}},
       .out = {{1000, 1, net, {}, {200.0 / 3}}},
       .figures = {0, 33, 0, 0, -33}},
      {.name = "a rate that has changed",
       .back = {{{1000, 1, net, {5}, {}}, 1}},
       .out = {{1000, 1, net, {20}, {}}},
       .figures = {0, 0, 150, 0, 150}},
      {.name = "several rates",
       .back = {{{999, 1, net, {5, 7.5}, {}}, 1}},
       .way_back = {{333, {5, 7.5}}},
       .out = {{1999, 1, net, {5, 7.5}, {}}},
       .methods = {{333, net, {5, 7.5}}},
       .figures = {1333, 0, 209, 333, 1875}},
      {.name = "gross prices",
       .inclusive = on,
       .back = {{{1200, 1, gross, {20}, {}}, 1}},
       .out = {{2400, 1, gross, {20}, {}}},
       .methods = {{600, gross, {20}}},
       .figures = {1000, 0, 300, 500, 1800}},
      {.name = "gross comes back, net goes out",
       .inclusive = on,
       .back = {{{1200, 2, gross, {20}, {}}, 1}},
       .out = {{1000, 1, net, {20}, {}}},
       .figures = {0, 0, 0, 0, 0}},
      {.name = "gross prices with a discount",
       .inclusive = on,
       .discount = true,
       .back = {{{1200, 1, gross, {20}, {100}}, 1}},
       .way_back = {{500, {20}}},
       .out = {{2400, 1, gross, {20}, {200}}},
       .figures = {1500, 100, 280, 0, 1680}},
      {.name = "gross prices while the flag is off",
       .back = {{{1200, 1, gross, {20}, {}}, 1}},
       .out = {{2400, 1, gross, {20}, {}}},
       .figures = {1200, 0, 240, 0, 1440}},
      {.name = "something free comes back",
       .back = {{{0, 2, net, {20}, {}}, 2}},
       .out = {{700, 1, net, {20}, {}}},
       .figures = {700, 0, 140, 0, 840}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(figures(c) == c.figures);
  }
}

TEST_CASE("swap: a line that comes back is the one that was bought, turned round") {
  const auto line = swap::returned_line(item_of({1000, 3, gross, {5}, {300}, false}), 2);
  CHECK(line.unit_price == -1000);
  CHECK(line.quantity == 2);
  CHECK(line.is_return);
  CHECK(line.includes_tax);
  CHECK_FALSE(line.allow_discounts);
  CHECK(line.adjustments.front().amount == -300);
  CHECK(line.adjustments.front().discount_id == "d");
  CHECK(line.tax_lines->size() == 1);
  CHECK_FALSE(std::signbit(swap::returned_line(item_of({0, 1, net, {}, {}}), 1).unit_price));
}

TEST_CASE("swap: what an admin's click does about the money") {
  struct Row {
    std::optional<base::Amount> difference;
    std::string_view status;
    Settling wanted;
  };
  const std::vector<Row> rows{
      {-100, "awaiting", Settling::refund},
      {-100, "requires_action", Settling::refund},
      {-100, "difference_refunded", Settling::nothing},
      {0, "confirmed", Settling::close},
      {0, "difference_refunded", Settling::nothing},
      {100, "awaiting", Settling::capture},
      {100, "requires_action", Settling::capture},
      {100, "captured", Settling::nothing},
      {std::nullopt, "not_paid", Settling::capture},
  };
  for (const auto& row : rows) {
    CAPTURE(row.status);
    CHECK(swap::settling(row.difference, row.status) == row.wanted);
  }
}

TEST_CASE("swap: how the money went") {
  const auto is = [](swap::Settled settled, std::string_view status, std::string_view event) {
    return settled.payment_status == status && settled.event == event;
  };
  CHECK(is(swap::settled(Settling::refund, Success::yes), "difference_refunded", "swap.refund_processed"));
  CHECK(is(swap::settled(Settling::refund, Success::no), "requires_action", "swap.process_refund_failed"));
  CHECK(is(swap::settled(Settling::close, Success::yes), "difference_refunded", "swap.refund_processed"));
  CHECK(is(swap::settled(Settling::capture, Success::yes), "captured", "swap.payment_captured"));
  CHECK(is(swap::settled(Settling::capture, Success::no), "requires_action", "swap.payment_capture_failed"));
  CHECK(swap::status_after_completion(0) == "confirmed");
  CHECK(swap::status_after_completion(1) == "awaiting");
  CHECK(swap::status_after_completion(-1) == "awaiting");
}
