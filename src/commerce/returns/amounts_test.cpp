#include "commerce/returns/amounts.hpp"
#include <doctest/doctest.h>

using namespace commerce::returns;
using commerce::tax::Inclusive;
namespace totals = commerce::totals;

namespace {

std::vector<commerce::tax::Line> lines(std::vector<double> rates) {
  std::vector<commerce::tax::Line> made;
  for (const double rate : rates) made.push_back({"owner", rate, "rate"});
  return made;
}
totals::Item item(std::string id, double price, double quantity, std::vector<double> rates = {},
                  std::vector<totals::Adjustment> adjustments = {}) {
  return {.id = std::move(id),
          .unit_price = price,
          .quantity = quantity,
          .adjustments = std::move(adjustments),
          .tax_lines = lines(std::move(rates))};
}
totals::Item gross(totals::Item item) {
  item.includes_tax = true;
  return item;
}
const std::vector<totals::AppliedDiscount> kTen{{"ten", totals::RuleType::percentage}};
const std::vector<totals::AppliedDiscount> kShip{{"ship", totals::RuleType::free_shipping}};

} // namespace

// The figures were computed by ReturnService.create of 1.20.11.
TEST_CASE("what goes back for items that come back") {
  struct Case {
    const char* name;
    totals::Order order;
    std::vector<Part> parts;
    double expected;
    Inclusive inclusive = Inclusive::off;
  };
  auto no_discounts = item("a", 1000, 2, {}, {{100, "ten"}});
  no_discounts.allow_discounts = false;
  const Case cases[] = {
      {"one of three", {.items = {item("a", 1000, 3)}}, {{"a", 1}}, 1000},
      {"a rate", {.items = {item("a", 999, 3, {19})}}, {{"a", 2}}, 2378},
      {"two rates, each rounded", {.items = {item("a", 1005, 3, {5, 12.5})}}, {{"a", 1}}, 1181},
      {"a discount's share, rounded per unit",
       {.items = {item("a", 1000, 3, {10}, {{100, "ten"}})}, .discounts = kTen},
       {{"a", 2}},
       2127},
      {"a discount's share of a third",
       {.items = {item("a", 1000, 3, {12.5}, {{250.5, "ten"}})}, .discounts = kTen},
       {{"a", 3}},
       3092},
      {"a discount that gives no discount",
       {.items = {item("a", 1000, 2, {}, {{100, "ten"}})}, .discounts = kShip},
       {{"a", 1}},
       1000},
      {"an item that takes none", {.items = {no_discounts}, .discounts = kTen}, {{"a", 1}}, 1000},
      {"an adjustment by hand", {.items = {item("a", 1000, 2, {}, {{101}})}}, {{"a", 1}}, 949},
      {"two items",
       {.items = {item("a", 1100, 4, {5, 12.5}, {{440, "ten"}}), item("b", 5390, 3, {10}, {{1617, "ten"}})},
        .discounts = kTen},
       {{"a", 1}, {"b", 2}},
       11836},
      {"an item of a swap and one of a claim",
       {.items = {item("a", 1, 1)},
        .swap_items = {item("b", 5390, 3, {10}, {{1617, "ten"}})},
        .claim_items = {item("c", 1100, 4, {5, 12.5}, {{440, "ten"}})},
        .discounts = kTen},
       {{"c", 1}, {"b", 2}},
       11836},
      {"the old rate",
       {.items = {item("a", 999, 3, {50}, {{100, "ten"}})}, .discounts = kTen, .tax_rate = 12.5},
       {{"a", 2}},
       2174},
      {"the old rate of 0", {.items = {item("a", 999, 3, {50})}, .tax_rate = 0}, {{"a", 2}}, 1998},
      {"gross", {.items = {gross(item("a", 1190, 3, {19}))}}, {{"a", 2}}, 2380, Inclusive::on},
      {"gross, two rates and a discount",
       {.items = {gross(item("a", 999, 3, {5, 12.5}, {{100, "ten"}}))}, .discounts = kTen},
       {{"a", 2}},
       1920,
       Inclusive::on},
      {"gross by the old rate", {.items = {gross(item("a", 999, 2))}, .tax_rate = 19}, {{"a", 1}}, 998, Inclusive::on},
      {"gross while the flag is off", {.items = {gross(item("a", 1190, 1, {19}))}}, {{"a", 1}}, 1416},
      {"nothing", {.items = {item("a", 1000, 1)}}, {}, 0},
      {"none of it", {.items = {item("a", 1000, 1, {10})}}, {{"a", 0}}, 0},
      {"what the order doesn't have", {.items = {item("a", 1000, 1)}}, {{"b", 1}}, 0},
  };
  for (const auto& [name, order, parts, expected, inclusive] : cases) {
    CAPTURE(name);
    CHECK(refund_total(order, parts, inclusive) == expected);
  }
}

TEST_CASE("what bringing goods back costs") {
  struct Case {
    double price;
    std::vector<double> rates;
    bool includes_tax;
    Inclusive inclusive;
    double expected;
  };
  const Case cases[] = {{800, {}, false, Inclusive::off, 800},        {799, {12.5}, false, Inclusive::off, 899},
                        {805, {5, 12.5}, false, Inclusive::off, 946}, {999, {19}, true, Inclusive::on, 998},
                        {999, {5, 12.5}, true, Inclusive::on, 999},   {999, {19}, true, Inclusive::off, 1189},
                        {5000, {10}, false, Inclusive::off, 5500}};
  for (const auto& [price, rates, includes_tax, inclusive, expected] : cases) {
    CAPTURE(price);
    CAPTURE(expected);
    CHECK(shipping_total({.id = "sm", .price = price, .includes_tax = includes_tax, .tax_lines = lines(rates)},
                         inclusive) == expected);
  }
}

TEST_CASE("a parcel is compared with what was asked for") {
  const auto text = [](const Arrival& arrival) {
    std::string out = arrival.matches ? "as asked:" : "differs:";
    for (const Item& item : arrival.items)
      out += " " + item.item_id + std::to_string(item.quantity) + "/" +
             (item.requested ? std::to_string(*item.requested) : "-");
    for (const Part& part : arrival.more)
      out += " " + part.item_id + (part.quantity < 0 ? "" : "+") + std::to_string(part.quantity);
    return out;
  };
  const std::vector<Item> asked{{"a", 2, 2, {}}, {"b", 1, 1, {}}};
  CHECK(text(arrival(asked, {{"a", 2}, {"b", 1}})) == "as asked: a2/2 b1/1 a+2 b+1");
  CHECK(text(arrival(asked, {{"b", 1}, {"a", 2}})) == "as asked: a2/2 b1/1 a+2 b+1");
  CHECK(text(arrival(asked, {{"a", 1}, {"b", 1}, {"a", 1}})) == "as asked: a2/2 b1/1 a+2 b+1");
  CHECK(text(arrival(asked, {{"a", 1}, {"b", 1}})) == "differs: a1/2 b1/1 a+1 b+1");
  CHECK(text(arrival(asked, {{"a", 2}})) == "differs: a2/2 b0/1 a+2");
  CHECK(text(arrival(asked, {{"a", 2}, {"b", 1}, {"c", 3}})) == "differs: a2/2 b1/1 c3/- a+2 b+1 c+3");
  CHECK(text(arrival({}, {})) == "as asked:");
  // A return that waits for an admin is received once more: only the difference counts.
  const std::vector<Item> waits{{"a", 1, 2, 1}, {"c", 3, {}, 3}};
  CHECK(text(arrival(waits, {{"a", 2}})) == "differs: a2/2 c0/- a+1 c-3");
  CHECK(text(arrival({{"a", 1, 2, 1}}, {{"a", 2}})) == "as asked: a2/2 a+1");
}
