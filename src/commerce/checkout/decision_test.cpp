#include "commerce/checkout/decision.hpp"
#include <doctest/doctest.h>

namespace {

using base::Error;
using commerce::checkout::Decision;
using commerce::checkout::End;
using commerce::checkout::Facts;
using commerce::checkout::Stock;

const Error kUnpaid = Error::invalid_data("Cart payment not authorized");
const Error kEarlier = Error::not_allowed("Discount A has been used maximum allowed times");
const Error kShort = Error::not_allowed("Variant does not have the required inventory");

struct Case {
  const char* name;
  Facts facts;
  End end;
  const char* refusal = "";
};

} // namespace

TEST_CASE("how an attempt to complete a cart ends") {
  const Case cases[]{
      {"all is there", {}, End::finished},
      {"all is there, and the discounts are counted", {.discounts = {{"A", true}, {"B", true}}}, End::finished},
      {"an order has come in between: what was taken goes back", {.has_order = true}, End::give_back},
      {"an order has come in between, and nothing was taken", {.mode = Stock::look, .has_order = true}, End::has_order},
      {"an order has come in between, and this one would be refused",
       {.has_order = true, .own_refusal = kUnpaid},
       End::has_order},
      {"short of stock", {.out_of_stock = {kShort}}, End::out_of_stock},
      {"short of stock by a look", {.mode = Stock::look, .out_of_stock = {kShort}}, End::out_of_stock},
      {"short of stock, and a discount was counted",
       {.out_of_stock = {kShort}, .discounts = {{"A", true}}},
       End::give_back},
      // 1.20 asks the stock first.
      {"short of stock, and not paid", {.own_refusal = kUnpaid, .out_of_stock = {kShort}}, End::out_of_stock},
      {"not paid", {.own_refusal = kUnpaid}, End::refused, "Cart payment not authorized"},
      {"not paid, and an earlier attempt was refused",
       {.own_refusal = kUnpaid, .earlier = kEarlier},
       End::refused,
       "Cart payment not authorized"},
      {"a look after a refusal ends with that",
       {.mode = Stock::look, .earlier = kEarlier},
       End::refused,
       "Discount A has been used maximum allowed times"},
      {"a look that finds all: somebody has given it back", {.mode = Stock::look}, End::give_back},
      {"a discount has reached its limit",
       {.discounts = {{"B", true}, {"A"}}},
       End::give_back,
       "Discount A has been used maximum allowed times"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.name);
    const Decision decision = decide(one.facts);
    CHECK(decision.end == one.end);
    CHECK(std::string(decision.refusal ? decision.refusal->what() : "") == one.refusal);
  }
}
