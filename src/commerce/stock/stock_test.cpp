#include "commerce/stock/stock.hpp"
#include <doctest/doctest.h>

namespace stock = commerce::stock;

TEST_CASE("stock: who can't be served") {
  struct Case {
    const char* name;
    std::vector<stock::Wish> wishes;
    std::vector<stock::Level> levels;
    std::vector<std::string> messages;
  };
  const std::vector<Case> cases{
      {"nothing wanted", {}, {}, {}},
      {"the last one", {{"a", 1}}, {{"a", 1, true}}, {}},
      {"one too many", {{"a", 2}}, {{"a", 1, true}}, {"Variant with id: a does not have the required inventory"}},
      {"backorders have no limit", {{"a", 2}}, {{"a", 1, false}}, {}},
      {"two items of one variant add up",
       {{"a", 1}, {"b", 1}, {"a", 1}},
       {{"a", 1, true}, {"b", 1, true}},
       {"Variant with id: a does not have the required inventory"}},
      {"a variant that is gone", {{"a", 1}}, {}, {"Variant with id: a was not found"}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    std::vector<std::string> messages;
    for (const auto& error : stock::refusals(c.wishes, c.levels)) messages.emplace_back(error.what());
    CHECK(messages == c.messages);
  }
}
