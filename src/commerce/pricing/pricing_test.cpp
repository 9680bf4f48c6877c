// Every expected figure of the table was computed by 1.20.11's own PriceSelectionStrategy and PricingService.
#include "commerce/pricing/pricing.hpp"
#include <doctest/doctest.h>

namespace {

using namespace commerce;
using namespace commerce::pricing;
using tax::Inclusive;
using Percent = std::vector<double>;
constexpr Inclusive on = Inclusive::on;
constexpr std::optional<PriceType> no_type;
constexpr std::optional<double> none;

struct PriceCase {
  base::Amount amount;
  const char* currency = "eur";
  bool region = false;
  std::optional<std::int64_t> min{}, max{};
  std::optional<PriceType> list{};
  bool list_gross = false, currency_gross = false, region_gross = false;
};
struct Case {
  const char* name;
  Inclusive inclusive = Inclusive::off;
  bool currency = true;
  std::optional<double> quantity{};
  std::optional<std::vector<double>> rates{};
  std::vector<PriceCase> prices{};
  std::optional<base::Amount> original{}, calculated{};
  std::optional<PriceType> type{};
  std::optional<bool> original_gross{}, calculated_gross{};
  // original tax, calculated tax, original and calculated price with tax
  std::vector<std::optional<double>> taxes{};
};

TEST_CASE("price selection") {
  const std::vector<Case> cases{
      {.name = "no prices",
       .prices = {},
       .original = std::nullopt,
       .calculated = std::nullopt,
       .type = no_type,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {none, none, none, none}},
      {.name = "one price of the currency",
       .prices = {{.amount = 1000}},
       .original = 1000,
       .calculated = 1000,
       .type = PriceType::standard,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {0, 0, 1000, 1000}},
      {.name = "one price of the region",
       .prices = {{.amount = 900, .region = true}},
       .original = 900,
       .calculated = 900,
       .type = PriceType::standard,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {0, 0, 900, 900}},
      {.name = "the original price is that of the region, the calculated one the cheapest",
       .prices = {{.amount = 1000}, {.amount = 1200, .region = true}},
       .original = 1200,
       .calculated = 1000,
       .type = PriceType::standard,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {0, 0, 1200, 1000}},
      {.name = "the same, whatever the order",
       .prices = {{.amount = 1200, .region = true}, {.amount = 1000}},
       .original = 1200,
       .calculated = 1000,
       .type = PriceType::standard,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {0, 0, 1200, 1000}},
      {.name = "another currency is not looked at",
       .prices = {{.amount = 500, .currency = "usd"}},
       .original = std::nullopt,
       .calculated = std::nullopt,
       .type = no_type,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {none, none, none, none}},
      {.name = "sale below the price",
       .prices = {{.amount = 1000}, {.amount = 800, .list = PriceType::sale}},
       .original = 1000,
       .calculated = 800,
       .type = PriceType::sale,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {0, 0, 1000, 800}},
      {.name = "override above the price does not win",
       .prices = {{.amount = 1000}, {.amount = 1500, .list = PriceType::override_price}},
       .original = 1000,
       .calculated = 1000,
       .type = PriceType::standard,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {0, 0, 1000, 1000}},
      {.name = "override below the price",
       .prices = {{.amount = 1000}, {.amount = 1, .list = PriceType::override_price}},
       .original = 1000,
       .calculated = 1,
       .type = PriceType::override_price,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {0, 0, 1000, 1}},
      {.name = "equal amounts: the first one",
       .prices = {{.amount = 1000, .list = PriceType::sale}, {.amount = 1000, .list = PriceType::override_price}},
       .original = std::nullopt,
       .calculated = 1000,
       .type = PriceType::sale,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {none, 0, none, 1000}},
      {.name = "only a sale has no original price",
       .prices = {{.amount = 800, .list = PriceType::sale}},
       .original = std::nullopt,
       .calculated = 800,
       .type = PriceType::sale,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {none, 0, none, 800}},
      {.name = "price of zero",
       .prices = {{.amount = 1000}, {.amount = 0, .list = PriceType::sale}},
       .original = 1000,
       .calculated = 0,
       .type = PriceType::sale,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {0, 0, 1000, 0}},
      {.name = "quantity 5 of 1-4, 5-10, 11-",
       .quantity = 5,
       .prices = {{.amount = 1000, .max = 4}, {.amount = 900, .min = 5, .max = 10}, {.amount = 800, .min = 11}},
       .original = std::nullopt,
       .calculated = 900,
       .type = PriceType::standard,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {none, 0, none, 900}},
      {.name = "quantity 4 of 1-4, 5-10, 11-",
       .quantity = 4,
       .prices = {{.amount = 1000, .max = 4}, {.amount = 900, .min = 5, .max = 10}, {.amount = 800, .min = 11}},
       .original = std::nullopt,
       .calculated = 1000,
       .type = PriceType::standard,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {none, 0, none, 1000}},
      {.name = "quantity 11 of 1-4, 5-10, 11-",
       .quantity = 11,
       .prices = {{.amount = 1000, .max = 4}, {.amount = 900, .min = 5, .max = 10}, {.amount = 800, .min = 11}},
       .original = std::nullopt,
       .calculated = 800,
       .type = PriceType::standard,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {none, 0, none, 800}},
      {.name = "no quantity: prices without a least one",
       .prices = {{.amount = 1000, .max = 4}, {.amount = 900, .min = 5, .max = 10}, {.amount = 800, .min = 11}},
       .original = std::nullopt,
       .calculated = 1000,
       .type = PriceType::standard,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {none, 0, none, 1000}},
      {.name = "quantity zero",
       .quantity = 0,
       .prices = {{.amount = 1000}, {.amount = 900, .min = 1}},
       .original = 1000,
       .calculated = 1000,
       .type = PriceType::standard,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {0, 0, 1000, 1000}},
      {.name = "least quantity zero is none, but makes no original price",
       .prices = {{.amount = 1000, .min = 0}},
       .original = std::nullopt,
       .calculated = 1000,
       .type = PriceType::standard,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {none, 0, none, 1000}},
      {.name = "no context but the region",
       .currency = false,
       .prices = {{.amount = 1000}, {.amount = 900, .region = true}},
       .original = 900,
       .calculated = 900,
       .type = PriceType::standard,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {0, 0, 900, 900}},
      {.name = "gross price of the currency",
       .inclusive = on,
       .rates = Percent{19},
       .prices = {{.amount = 1190, .currency_gross = true}},
       .original = 1190,
       .calculated = 1190,
       .type = PriceType::standard,
       .original_gross = true,
       .calculated_gross = true,
       .taxes = {190, 190, 1190, 1190}},
      {.name = "gross flag of the currency while off",
       .rates = Percent{19},
       .prices = {{.amount = 1190, .currency_gross = true}},
       .original = 1190,
       .calculated = 1190,
       .type = PriceType::standard,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {226, 226, 1416, 1416}},
      {.name = "gross list against net price: net wins",
       .inclusive = on,
       .rates = Percent{20},
       .prices = {{.amount = 1000}, {.amount = 1201, .list = PriceType::sale, .list_gross = true}},
       .original = 1000,
       .calculated = 1000,
       .type = PriceType::standard,
       .original_gross = false,
       .calculated_gross = false,
       .taxes = {200, 200, 1200, 1200}},
      {.name = "gross list against net price: gross wins",
       .inclusive = on,
       .rates = Percent{20},
       .prices = {{.amount = 1000}, {.amount = 1199, .list = PriceType::sale, .list_gross = true}},
       .original = 1000,
       .calculated = 1199,
       .type = PriceType::sale,
       .original_gross = false,
       .calculated_gross = true,
       .taxes = {200, 200, 1200, 1199}},
      {.name = "net price after a gross one",
       .inclusive = on,
       .rates = Percent{20},
       .prices = {{.amount = 1200, .region = true, .region_gross = true}, {.amount = 999}},
       .original = 1200,
       .calculated = 999,
       .type = PriceType::standard,
       .original_gross = true,
       .calculated_gross = false,
       .taxes = {200, 200, 1200, 1199}},
      {.name = "gross and net, rates unknown: the first one",
       .inclusive = on,
       .prices = {{.amount = 1000}, {.amount = 500, .list = PriceType::sale, .list_gross = true}},
       .original = 1000,
       .calculated = 1000,
       .type = PriceType::standard,
       .original_gross = false,
       .calculated_gross = false,
       .taxes = {0, 0, 1000, 1000}},
      {.name = "two rates",
       .inclusive = on,
       .rates = Percent{10, 2.5},
       .prices = {{.amount = 1000}, {.amount = 777, .list = PriceType::sale, .list_gross = true}},
       .original = 1000,
       .calculated = 777,
       .type = PriceType::sale,
       .original_gross = false,
       .calculated_gross = true,
       .taxes = {125, 86, 1125, 777}},
      {.name = "tax on halves",
       .rates = Percent{25},
       .prices = {{.amount = 10}, {.amount = 6, .list = PriceType::sale}},
       .original = 10,
       .calculated = 6,
       .type = PriceType::sale,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {3, 2, 13, 8}},
      {.name = "negative price",
       .rates = Percent{25},
       .prices = {{.amount = -10}},
       .original = -10,
       .calculated = -10,
       .type = PriceType::standard,
       .original_gross = std::nullopt,
       .calculated_gross = std::nullopt,
       .taxes = {-2, -2, -12, -12}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    Context context;
    context.region_id = "r";
    if (c.currency) context.currency_code = "eur";
    context.quantity = c.quantity;
    std::vector<tax::Rate> rates;
    if (c.rates) {
      for (const double rate : *c.rates) rates.push_back({rate, "n", "c"});
      context.tax_rates = rates;
    }
    std::vector<Price> prices;
    for (const PriceCase& row : c.prices) {
      Price price;
      price.amount = row.amount;
      price.currency_code = row.currency;
      if (row.region) price.region_id = "r";
      price.min_quantity = row.min;
      price.max_quantity = row.max;
      if (row.list) price.price_list = PriceList{.id = "l", .type = *row.list, .includes_tax = row.list_gross};
      price.currency_includes_tax = row.currency_gross;
      price.region_includes_tax = row.region_gross;
      prices.push_back(std::move(price));
    }
    const Selection found = select(prices, context, c.inclusive);
    CHECK(found.original_price == c.original);
    CHECK(found.calculated_price == c.calculated);
    CHECK(found.calculated_price_type == c.type);
    CHECK(found.original_includes_tax == c.original_gross);
    CHECK(found.calculated_includes_tax == c.calculated_gross);
    CHECK(found.calculated_price_list_id.has_value() == (c.type && *c.type != PriceType::standard));
    const TaxedPrices taxed = tax_prices(found, rates, c.inclusive);
    const std::vector<std::optional<double>> taxes{taxed.original_tax, taxed.calculated_tax, taxed.original_incl_tax,
                                                   taxed.calculated_incl_tax};
    CHECK(taxes == c.taxes);
  }
}

TEST_CASE("which prices may be shown at all") {
  const base::Instant today{std::chrono::hours(24 * 365)};
  const auto hour = std::chrono::hours(1);
  const Context shop{.region_id = "r", .currency_code = "eur", .now = today};
  const Price plain{.amount = 1, .currency_code = "eur"};
  CHECK(is_candidate(plain, shop));
  CHECK_FALSE(is_candidate({.amount = 1, .currency_code = "usd"}, shop));
  CHECK(is_candidate({.amount = 1, .currency_code = "usd", .region_id = "r"}, shop));
  CHECK_FALSE(is_candidate({.amount = 1, .currency_code = "usd", .region_id = "other"}, shop));
  CHECK_FALSE(is_candidate({.amount = 1, .currency_code = "eur", .region_id = "other"}, shop));
  CHECK(is_candidate({.amount = 1, .currency_code = "eur", .region_id = "other"}, {.currency_code = "eur"}));
  const auto listed = [&](PriceList list) {
    Price price = plain;
    price.price_list = std::move(list);
    return price;
  };
  CHECK(is_candidate(listed({.id = "l"}), shop));
  CHECK_FALSE(is_candidate(listed({.id = "l", .status = PriceListStatus::draft}), shop));
  CHECK(is_candidate(listed({.id = "l", .starts_at = today - hour, .ends_at = today + hour}), shop));
  CHECK_FALSE(is_candidate(listed({.id = "l", .ends_at = today - hour}), shop));
  CHECK_FALSE(is_candidate(listed({.id = "l", .starts_at = today + hour}), shop));
  // Groups.
  const Price vip = listed({.id = "l", .customer_groups = {"vip", "staff"}});
  CHECK_FALSE(is_candidate(vip, shop));
  Context customer = shop;
  customer.customer_id = "cus";
  CHECK_FALSE(is_candidate(vip, customer));
  customer.customer_groups = {"other", "staff"};
  CHECK(is_candidate(vip, customer));
  // Neither region nor currency: everything, but lists only where wanted.
  Context anywhere{.now = today};
  CHECK(is_candidate({.amount = 1, .currency_code = "usd"}, anywhere));
  CHECK_FALSE(is_candidate(listed({.id = "l"}), anywhere));
  anywhere.include_discount_prices = true;
  CHECK(is_candidate(listed({.id = "l"}), anywhere));
}

TEST_CASE("what another region of the currency asks is no price here") {
  const Context shop{.region_id = "r", .currency_code = "eur"};
  const Price elsewhere{.amount = 500, .currency_code = "eur", .region_id = "other"},
      anywhere{.amount = 1000, .currency_code = "eur"};
  const auto found = select({elsewhere, anywhere}, shop, Inclusive::off);
  CHECK((found.original_price == 1000 && found.calculated_price == 1000));
  CHECK_FALSE(select({elsewhere}, shop, Inclusive::off).calculated_price);
  CHECK(select({elsewhere}, {.currency_code = "eur"}, Inclusive::off).calculated_price == 500);
}

TEST_CASE("prices of shipping options") {
  const std::vector<tax::Rate> rates{{19, "n", "c"}};
  const auto figures = [&](std::optional<base::Amount> amount, IncludesTax includes, Inclusive inclusive) {
    const auto price = tax_shipping(amount, rates, includes, inclusive);
    return std::pair(price.price_incl_tax, price.tax_amount);
  };
  CHECK(figures(1000, IncludesTax::no, on) == std::pair(1190.0, 190.0));
  CHECK(figures(1000, IncludesTax::yes, Inclusive::off) == std::pair(1190.0, 190.0));
  CHECK(figures(1190, IncludesTax::yes, on) == std::pair(1190.0, 190.0));
  CHECK(figures(std::nullopt, IncludesTax::no, on) == std::pair(0.0, 0.0));
  CHECK(tax_shipping(1000, {}, IncludesTax::no, on).tax_amount == 0);
}

} // namespace
