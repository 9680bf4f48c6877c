#include "commerce/stock/taking.hpp"
#include <doctest/doctest.h>

namespace stock = commerce::stock;
using stock::AtLocation;
using stock::Held;
using stock::LevelChanges;
using stock::Moved;

namespace {

// The sentence of the refusal; empty where there is none.
std::string taken(const std::vector<Moved>& moved, const std::vector<Held>& held,
                  const std::vector<AtLocation>& shelves, stock::Taking& taking) {
  try {
    taking = stock::plan_taking("here", moved, held, shelves);
    return {};
  } catch (const base::Error& error) {
    CHECK(error.type == base::ErrorType::not_allowed);
    return error.what();
  }
}

} // namespace

TEST_CASE("stock: what a fulfilment takes from a location") {
  struct Case {
    const char* name;
    std::vector<Moved> moved;
    std::vector<Held> held;
    std::vector<AtLocation> shelves;
    LevelChanges levels;
    std::map<std::string, std::int64_t> left;
    std::string refusal;
  };
  const AtLocation three{"a", "i", "l1", 1, 3};
  const std::vector<Case> cases{
      {"nothing moves", {}, {{"r", "x", "i", "here", 1}}, {three}, {}, {}, ""},
      {"what was not reserved", {{"x", "a", "Mug", 2}}, {}, {three}, {{{"i", "here"}, {-2, 0}}}, {}, ""},
      {"what was reserved is used up",
       {{"x", "a", "Mug", 2}},
       {{"r", "x", "i", "here", 2}},
       {three},
       {{{"i", "here"}, {-2, -2}}},
       {{"r", 0}},
       ""},
      {"a part of what was reserved",
       {{"x", "a", "Mug", 1}},
       {{"r", "x", "i", "here", 3}},
       {three},
       {{{"i", "here"}, {-1, -1}}},
       {{"r", 2}},
       ""},
      {"reserved elsewhere: that level gets it back",
       {{"x", "a", "Mug", 1}},
       {{"r", "x", "i", "there", 1}},
       {three},
       {{{"i", "here"}, {-1, 0}}, {{"i", "there"}, {0, -1}}},
       {{"r", 0}},
       ""},
      {"another line item's reservation stays",
       {{"x", "a", "Mug", 1}},
       {{"r", "y", "i", "here", 1}},
       {three},
       {{{"i", "here"}, {-1, 0}}},
       {},
       ""},
      {"two parts of one line item use up one reservation",
       {{"x", "a", "Mug", 1}, {"x", "a", "Mug", 1}},
       {{"r", "x", "i", "here", 3}},
       {three},
       {{{"i", "here"}, {-2, -2}}},
       {{"r", 1}},
       ""},
      {"several pieces of an item",
       {{"x", "a", "Set", 1}},
       {{"r", "x", "i", "here", 2}},
       {{"a", "i", "l1", 2, 3}},
       {{{"i", "here"}, {-2, -2}}},
       {{"r", 0}},
       ""},
      {"one item serves two variants, and is too little for both",
       {{"x", "a", "Mug", 2}, {"y", "b", "Cup", 2}},
       {},
       {three, {"b", "i", "l1", 1, 3}},
       {},
       {},
       "Insufficient stock for item: Cup"},
      {"too little", {{"x", "a", "Mug", 4}}, {}, {three}, {}, {}, "Insufficient stock for item: Mug"},
      {"not stocked there",
       {{"x", "a", "Mug", 1}},
       {},
       {{"a", "i", "", 1, 0}},
       {},
       {},
       "Inventory item for Mug not found at location"},
      {"a variant without items", {{"x", "c", "Card", 9}}, {}, {three}, {}, {}, ""},
  };
  for (const auto& one : cases) {
    CAPTURE(one.name);
    stock::Taking taking;
    CHECK(taken(one.moved, one.held, one.shelves, taking) == one.refusal);
    CHECK(taking.levels == one.levels);
    CHECK(taking.left == one.left);
  }
}
