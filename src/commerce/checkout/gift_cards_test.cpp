#include "commerce/checkout/gift_cards.hpp"
#include <doctest/doctest.h>

using namespace commerce::checkout;

TEST_CASE("checkout: gift cards are used up in order") {
  struct Case {
    const char* name;
    std::vector<GiftCardBalance> cards;
    base::Amount amount;
    std::vector<std::pair<base::Amount, base::Amount>> used_left;
  };
  const std::vector<Case> cases{
      {"no cards", {}, 100, {}},
      {"one card, enough", {{"a", 100}}, 60, {{60, 40}}},
      {"one card, exactly", {{"a", 100}}, 100, {{100, 0}}},
      {"one card, too little", {{"a", 100}}, 150, {{100, 0}}},
      {"two cards", {{"a", 100}, {"b", 100}}, 150, {{100, 0}, {50, 50}}},
      {"the second is not touched", {{"a", 100}, {"b", 100}}, 100, {{100, 0}}},
      {"nothing to take", {{"a", 100}, {"b", 100}}, 0, {{0, 100}}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    std::vector<std::pair<base::Amount, base::Amount>> used_left;
    for (const auto& use : use_up(c.cards, c.amount)) used_left.emplace_back(use.used, use.left);
    CHECK(used_left == c.used_left);
  }
}
