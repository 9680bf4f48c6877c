#include "base/money.hpp"
#include "commerce/tax/tax.hpp"
#include <doctest/doctest.h>

namespace {

using namespace commerce::tax;

TEST_CASE("tax on net and within gross prices") {
  struct Row {
    double price, fraction;
    PriceKind kind;
    double tax;
  };
  const std::vector<Row> rows{
      {1000, 0.19, PriceKind::net, 190}, {1190, 0.19, PriceKind::gross, 190}, {10, 0.25, PriceKind::net, 3},
      {-10, 0.25, PriceKind::net, -2},   {0, 0.19, PriceKind::gross, 0},      {999, 0, PriceKind::gross, 0},
      {1, 0.5, PriceKind::net, 1},       {-1, 0.5, PriceKind::net, 0},        {3, 0.5, PriceKind::gross, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.price);
    CHECK(base::js_round(tax_amount(row.price, row.fraction, row.kind)) == row.tax);
  }
}

TEST_CASE("rates add up as fractions, and a missing one is zero") {
  CHECK(combined(std::vector<Rate>{}) == 0);
  CHECK(combined(std::vector<Rate>{{19, "a", "a"}, {std::nullopt, "b", "b"}, {6, "c", "c"}}) == 0.19 + 0.06);
  CHECK(combined(std::vector<Line>{{"i", 10, "n"}, {"i", 2.5, "n"}}) == 0.125);
}

TEST_CASE("rates of a type come after those of the product, without repetition") {
  const Rate a{1, "a", "a", "txr_a"}, b{2, "b", "b", "txr_b"}, c{3, "c", "c", "txr_c"};
  const auto united = unite({b, a}, {a, c, b});
  REQUIRE(united.size() == 3);
  CHECK(united[0].id == "txr_b");
  CHECK(united[1].id == "txr_a");
  CHECK(united[2].id == "txr_c");
}

TEST_CASE("tax lines by the system's own provider") {
  RegionRates rates{"reg", 19, {}, {}};
  rates.of_product["book"] = {{7, "reduced", "red", "txr_1"}, {std::nullopt, "city", std::nullopt, "txr_2"}};
  rates.of_product["plain"] = {};
  rates.of_shipping_option["express"] = {{0, "free", "free", "txr_3"}};
  const Lines lines = system_lines(
      {{"i1", "book"}, {"i2", "plain"}, {"i3", "unknown"}, {"custom", std::nullopt}, {"back", "book", true}},
      {{"m1", "express"}, {"m2", "standard"}}, rates);
  REQUIRE(lines.of_items.size() == 4);
  CHECK(lines.of_items[0].owner == "i1");
  CHECK(lines.of_items[0].rate == 7);
  CHECK(lines.of_items[1].rate == 0);
  CHECK_FALSE(lines.of_items[1].code);
  CHECK(lines.of_items[2].owner == "i2");
  CHECK(lines.of_items[2].name == "default");
  CHECK(lines.of_items[2].rate == 19);
  CHECK(lines.of_items[3].owner == "i3");
  REQUIRE(lines.of_methods.size() == 2);
  CHECK(lines.of_methods[0].name == "free");
  CHECK(lines.of_methods[0].rate == 0);
  CHECK(lines.of_methods[1].owner == "m2");
  CHECK(lines.of_methods[1].rate == 19);
}

} // namespace
