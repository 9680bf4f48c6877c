// Every expected figure was computed by 1.20.11's own DiscountService.calculateDiscountForLineItem.
#include "commerce/discount/discount.hpp"
#include <doctest/doctest.h>

namespace {

using namespace commerce;
using namespace commerce::discount;
using tax::Inclusive;
constexpr Inclusive on = Inclusive::on, off = Inclusive::off;
enum Kind { net, gross };

struct ItemCase {
  double price, quantity;
  Kind kind = net;
  std::vector<double> rates{};
  bool allow_discounts = true;
};
struct Case {
  const char* name;
  Inclusive inclusive;
  Rule rule;
  std::vector<ItemCase> items;
  std::vector<double> amounts; // by item
};

std::vector<totals::Item> items_of(const std::vector<ItemCase>& rows) {
  std::vector<totals::Item> items;
  for (const ItemCase& row : rows) {
    totals::Item item;
    item.id = "i" + std::to_string(items.size());
    item.unit_price = row.price;
    item.quantity = row.quantity;
    item.includes_tax = row.kind == gross;
    item.allow_discounts = row.allow_discounts;
    item.tax_lines.emplace();
    for (const double rate : row.rates) item.tax_lines->push_back({item.id, rate, "n"});
    items.push_back(std::move(item));
  }
  return items;
}

TEST_CASE("what a rule takes from items") {
  const std::vector<Case> cases{
      {"ten percent", off, {"", RuleType::percentage, 10, AllocationType::none}, {{1950, 1}}, {195}},
      {"percent of halves", off, {"", RuleType::percentage, 15, AllocationType::none}, {{10, 1}}, {2}},
      {"hundred percent", off, {"", RuleType::percentage, 100, AllocationType::none}, {{999, 3}}, {2997}},
      {"more than hundred percent is cut",
       off,
       {"", RuleType::percentage, 150, AllocationType::none},
       {{100, 1}},
       {100}},
      {"zero percent", off, {"", RuleType::percentage, 0, AllocationType::none}, {{100, 1}}, {0}},
      {"percent of nothing", off, {"", RuleType::percentage, 10, AllocationType::none}, {{100, 0}}, {0}},
      {"percent of a gross price, flag off",
       off,
       {"", RuleType::percentage, 10, AllocationType::none},
       {{1190, 1, gross, {19}}},
       {119}},
      {"percent of a gross price, flag on",
       on,
       {"", RuleType::percentage, 10, AllocationType::none},
       {{1190, 1, gross, {19}}},
       {100}},
      {"fixed per item", off, {"", RuleType::fixed, 100, AllocationType::item}, {{1000, 3}}, {300}},
      {"fixed per item, more than the price",
       off,
       {"", RuleType::fixed, 1500, AllocationType::item},
       {{1000, 3}},
       {3000}},
      {"fixed per item, negative price", off, {"", RuleType::fixed, 100, AllocationType::item}, {{-1000, 1}}, {-1000}},
      {"fixed total on one item", off, {"", RuleType::fixed, 700, AllocationType::total}, {{1000, 1}}, {700}},
      {"fixed total larger than all",
       off,
       {"", RuleType::fixed, 5000, AllocationType::total},
       {{1000, 1}, {500, 2}},
       {1000, 1000}},
      {"fixed total split evenly leaves thirds",
       off,
       {"", RuleType::fixed, 1000, AllocationType::total},
       {{1000, 1}, {1000, 1}, {1000, 1}},
       {333.3333333333333, 333.3333333333333, 333.3333333333333}},
      {"fixed total split by price",
       off,
       {"", RuleType::fixed, 1000, AllocationType::total},
       {{1950, 1}, {333, 2}, {5, 7}},
       {735.5714824594493, 251.22595247076575, 13.202565069784987}},
      {"fixed total passes over items without discounts",
       off,
       {"", RuleType::fixed, 1000, AllocationType::total},
       {{1950, 1}, {1000, 1, net, {}, false}, {50, 1}},
       {975, 0, 25}},
      {"fixed total, gross and net, flag on",
       on,
       {"", RuleType::fixed, 1000, AllocationType::total},
       {{1190, 1, gross, {19}}, {500, 2, net, {19}}},
       {500, 500}},
      {"fixed total, gross, flag off",
       off,
       {"", RuleType::fixed, 1000, AllocationType::total},
       {{1190, 1, gross, {19}}, {500, 2, net, {19}}},
       {543.37899543379, 456.62100456621005}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto items = items_of(c.items);
    std::vector<double> amounts;
    for (const auto& item : items)
      amounts.push_back(item_discount(c.rule, item, items, {{"d", c.rule.type}}, c.inclusive));
    CHECK(amounts == c.amounts);
  }
}

const base::Instant today{std::chrono::hours(24 * 365)};

Discount usable() {
  Discount discount;
  discount.id = "disc";
  discount.code = "TEN";
  discount.rule = {"rule", RuleType::percentage, 10, AllocationType::total};
  discount.region_ids = {"reg"};
  discount.starts_at = today - std::chrono::hours(1);
  return discount;
}

const Condition vip_only{"cond", ConditionType::customer_groups, ConditionOperator::in, {"vip"}};

TEST_CASE("a discount is refused for the first reason that holds") {
  struct Refusal {
    const char* sentence;
    void (*change)(Discount&, CartFacts&);
  };
  const std::vector<Refusal> refusals{
      {"Discount TEN has been used maximum allowed times",
       [](Discount& d, CartFacts&) { d.usage_limit = d.usage_count = 3, d.is_disabled = true; }},
      {"Discount TEN is not valid yet",
       [](Discount& d, CartFacts&) { d.starts_at = today + std::chrono::seconds(1), d.is_disabled = true; }},
      {"Discount TEN is expired",
       [](Discount& d, CartFacts&) { d.ends_at = today - std::chrono::seconds(1), d.is_disabled = true; }},
      {"The discount code TEN is disabled", [](Discount& d, CartFacts& c) { d.is_disabled = true, c.region_id = "x"; }},
      {"Discount TEN is only valid for specific customer",
       [](Discount& d, CartFacts& c) { d.conditions = {vip_only}, c.region_id = "x"; }},
      {"The discount is not available in current region", [](Discount&, CartFacts& c) { c.region_id = "x"; }},
      {"Discount TEN is not valid for customer",
       [](Discount& d, CartFacts& c) { d.conditions = {vip_only}, c.customer_id = "cus"; }},
  };
  for (const Refusal& refusal : refusals) {
    Discount discount = usable();
    CartFacts cart{"reg"};
    CHECK_NOTHROW(check(discount, cart, today));
    refusal.change(discount, cart);
    CHECK_THROWS_WITH(check(discount, cart, today), refusal.sentence);
  }
  // Limits that just hold.
  Discount discount = usable();
  discount.usage_limit = 3;
  discount.usage_count = 2;
  discount.starts_at = today;
  discount.ends_at = today;
  discount.conditions = {vip_only};
  CHECK_NOTHROW(check(discount, {"reg", "cus", {"vip", "other"}}, today));
  discount.usage_limit = 0; // Quirk: no limit
  discount.usage_count = 9;
  CHECK_NOTHROW(check(discount, {"reg", "cus", {"vip"}}, today));
}

TEST_CASE("conditions on products must all hold") {
  const ProductFacts shirt{"prod", "typ", "col", {"tag_a", "tag_b"}};
  const auto in = ConditionOperator::in, not_in = ConditionOperator::not_in;
  struct Row {
    const char* name;
    std::vector<Condition> conditions;
    bool valid;
  };
  const std::vector<Row> rows{
      {"none", {}, true},
      {"product", {{"", ConditionType::products, in, {"prod", "x"}}}, true},
      {"other product", {{"", ConditionType::products, in, {"x"}}}, false},
      {"no product at all", {{"", ConditionType::products, in, {}}}, false},
      {"not this product", {{"", ConditionType::products, not_in, {"prod"}}}, false},
      {"not another product", {{"", ConditionType::products, not_in, {"x"}}}, true},
      {"type", {{"", ConditionType::product_types, in, {"typ"}}}, true},
      {"not type", {{"", ConditionType::product_types, not_in, {"typ"}}}, false},
      {"collection", {{"", ConditionType::product_collections, in, {"col"}}}, true},
      {"other collection", {{"", ConditionType::product_collections, in, {"x"}}}, false},
      {"tag", {{"", ConditionType::product_tags, in, {"x", "tag_b"}}}, true},
      {"not tag", {{"", ConditionType::product_tags, not_in, {"tag_b"}}}, false},
      {"groups are not asked", {vip_only}, true},
      {"one of two fails",
       {{"", ConditionType::products, in, {"prod"}}, {"", ConditionType::product_types, not_in, {"typ"}}},
       false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(valid_for_product(row.conditions, shirt) == row.valid);
  }
  CHECK(valid_for_product({{"", ConditionType::product_types, not_in, {"typ"}}}, {"bare"}));
  CHECK_FALSE(valid_for_product({{"", ConditionType::product_types, in, {"typ"}}}, {"bare"}));
}

TEST_CASE("adjustments of a cart") {
  Discount free = usable(), ten = usable();
  free.id = "free";
  free.rule = {"f", RuleType::free_shipping, 0, AllocationType::none};
  const auto items = items_of({{1000, 1}, {1000, 1}, {500, 1, net, {}, false}, {100, 2}});
  CHECK(adjustments({free}, items, {Matches::yes, Matches::yes, Matches::yes, Matches::yes}, off).empty());
  const auto made = adjustments({free, ten}, items, {Matches::yes, Matches::no, Matches::yes, Matches::yes}, off);
  REQUIRE(made.size() == 2);
  CHECK(made[0].item_id == "i0");
  CHECK(made[0].amount == 100);
  CHECK(made[0].discount_id == "disc");
  CHECK(made[1].item_id == "i3");
  CHECK(made[1].amount == 20);
  // Free items share nothing, and nothing that is no number.
  ten.rule = {"t", RuleType::fixed, 100, AllocationType::total};
  CHECK(adjustments({ten}, items_of({{0, 1}}), {Matches::yes}, off).empty());
}

} // namespace

TEST_CASE("a discount that nobody may use any more says why") {
  const auto now = base::Instant(std::chrono::hours(24 * 365 * 50));
  const auto why = [&](const discount::Discount& one) {
    const auto ended = discount::ended(one, now);
    return ended ? std::string(ended->what()) : std::string();
  };
  const discount::Discount good{.id = "disc", .code = "TEN", .rule = {}};
  CHECK(why(good) == "");
  auto one = good;
  one.ends_at = now;
  CHECK(why(one) == "");
  one.ends_at = now - std::chrono::seconds(1);
  CHECK(why(one) == "Discount TEN is expired");
  one = good;
  one.is_disabled = true;
  CHECK(why(one) == "The discount code TEN is disabled");
  one = good;
  one.is_deleted = true;
  CHECK(why(one) == "Discount TEN is not there any more");
  one = good;
  one.starts_at = now + std::chrono::seconds(1);
  CHECK(why(one) == "Discount TEN is not valid yet");
  one = good;
  one.usage_limit = 2;
  one.usage_count = 2;
  CHECK(why(one) == "Discount TEN has been used maximum allowed times");
}
