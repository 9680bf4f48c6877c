#include "commerce/gift_card/gift_card.hpp"
#include <doctest/doctest.h>

using namespace commerce::gift_card;

TEST_CASE("gift cards: the tax rate of a bought gift card") {
  CHECK(tax_rate(19, 7, Taxable::yes) == 19);
  CHECK(tax_rate(0, 7, Taxable::yes) == 7);
  CHECK(tax_rate(0, 0, Taxable::yes) == std::nullopt);
  CHECK(tax_rate(19, 7, Taxable::no) == std::nullopt);
}

TEST_CASE("gift cards: codes of gift cards") {
  const auto code = new_code();
  CHECK(code.size() == 19);
  CHECK(code[4] == '-');
  CHECK(code[14] == '-');
  CHECK(code != new_code());
}
