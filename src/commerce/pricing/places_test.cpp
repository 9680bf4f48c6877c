#include "base/error.hpp"
#include "commerce/pricing/places.hpp"
#include <doctest/doctest.h>

namespace {

using commerce::pricing::Places;

// What the second of two prices is refused with; "" where both are taken.
std::string refusal(const char* first, const char* second, const char* variant = "", const char* other = nullptr) {
  Places places;
  places.take(base::parse_json(first), variant);
  try {
    places.take(base::parse_json(second), other ? other : variant);
  } catch (const base::Error& e) {
    return e.what();
  }
  return {};
}

} // namespace

TEST_CASE("two prices for one place are refused by its name") {
  CHECK(refusal(R"({"currency_code":"eur"})", R"({"currency_code":"EUR","min_quantity":0})") ==
        "prices: two of them are for currency eur");
  CHECK(refusal(R"({"region_id":"reg_eu","currency_code":"eur"})", R"({"region_id":"reg_eu"})", "variant_1") ==
        "prices: two of them are for region reg_eu of variant variant_1");
  CHECK(refusal(R"({"currency_code":"eur","min_quantity":5})", R"({"currency_code":"eur","min_quantity":5})") ==
        "prices: two of them are for currency eur from a quantity of 5 on");
  CHECK(refusal(R"({"currency_code":"eur","min_quantity":2,"max_quantity":5})",
                R"({"currency_code":"eur","min_quantity":2,"max_quantity":5})") ==
        "prices: two of them are for currency eur for quantities from 2 up to 5");
}

TEST_CASE("other regions, currencies, quantities and variants are other places") {
  CHECK(refusal(R"({"currency_code":"eur"})", R"({"currency_code":"usd"})").empty());
  CHECK(refusal(R"({"currency_code":"eur"})", R"({"currency_code":"eur","region_id":"reg_eu"})").empty());
  CHECK(refusal(R"({"currency_code":"eur"})", R"({"currency_code":"eur","max_quantity":4})").empty());
  CHECK(refusal(R"({"currency_code":"eur"})", R"({"currency_code":"eur"})", "variant_1", "variant_2").empty());
}
