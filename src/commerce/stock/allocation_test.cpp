#include "commerce/stock/allocation.hpp"
#include <doctest/doctest.h>

namespace stock = commerce::stock;
using stock::Reduced;
using stock::Reservation;

TEST_CASE("stock: from which shelves line items are served") {
  struct Case {
    const char* name;
    std::vector<stock::Wish> wishes;
    std::vector<stock::Stocked> stock;
    std::vector<Reservation> reservations;
    std::vector<std::string> messages;
  };
  const auto one_shelf = [](std::int64_t left) { return stock::Component{"i", 1, {{"here", left}}}; };
  const std::string short_of_a = "Variant with id: a does not have the required inventory";
  const std::vector<Case> cases{
      {"nothing wanted", {}, {}, {}, {}},
      {"the last one", {{"a", 1, "l"}}, {{"a", true, false, true, {one_shelf(1)}}}, {{"l", "i", "here", 1}}, {}},
      {"one too many", {{"a", 2, "l"}}, {{"a", true, false, true, {one_shelf(1)}}}, {}, {short_of_a}},
      {"two items of one variant add up",
       {{"a", 1, "l"}, {"a", 1, "m"}},
       {{"a", true, false, true, {one_shelf(1)}}},
       {},
       {short_of_a}},
      {"a variant without items has no limit", {{"a", 9, "l"}}, {{"a", true, false, true, {}}}, {}, {}},
      {"a variant that is gone", {{"b", 1, "l"}}, {}, {}, {"Variant with id: b was not found"}},
      {"the shelf that has enough",
       {{"a", 3, "l"}},
       {{"a", true, false, true, {{"i", 1, {{"here", 2}, {"there", 3}}}}}},
       {{"l", "i", "there", 3}},
       {}},
      {"shared out where none has enough",
       {{"a", 4, "l"}},
       {{"a", true, false, true, {{"i", 1, {{"here", 2}, {"empty", -1}, {"there", 3}}}}}},
       {{"l", "i", "here", 2}, {"l", "i", "there", 2}},
       {}},
      {"several pieces of several items",
       {{"a", 2, "l"}},
       {{"a", true, false, true, {{"i", 2, {{"here", 4}}}, {"j", 1, {{"here", 5}}}}}},
       {{"l", "i", "here", 4}, {"l", "j", "here", 2}},
       {}},
      {"one item of several falls short",
       {{"a", 2, "l"}},
       {{"a", true, false, true, {{"i", 2, {{"here", 4}}}, {"j", 1, {{"here", 1}}}}}},
       {},
       {short_of_a}},
      {"not stocked here", {{"a", 1, "l"}}, {{"a", true, false, true, {{"i", 1, {}}}}}, {}, {short_of_a}},
      {"a backorder stands at the oldest shelf",
       {{"a", 5, "l"}},
       {{"a", true, true, true, {{"i", 1, {{"here", 2}, {"there", 3}}}}}},
       {{"l", "i", "here", 5}},
       {}},
      {"a backorder needs a shelf",
       {{"a", 5, "l"}},
       {{"a", true, true, false, {{"i", 1, {}}}}},
       {},
       {"Must provide location_id or sales_channel_id to a Sales Channel that has associated Stock Locations"}},
      {"what isn't managed needs none", {{"a", 5, "l"}}, {{"a", false, false, true, {{"i", 1, {}}}}}, {}, {}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto allocation = stock::allocate(c.wishes, c.stock);
    std::vector<std::string> messages;
    for (const auto& error : allocation.refusals) messages.emplace_back(error.what());
    CHECK(allocation.reservations == c.reservations);
    CHECK(messages == c.messages);
  }
}

TEST_CASE("stock: which reservations a shipment uses up") {
  struct Case {
    const char* name;
    std::vector<stock::Held> held;
    std::int64_t quantity;
    std::vector<Reduced> reduced;
  };
  const std::vector<Case> cases{
      {"none", {}, 2, {}},
      {"all of one", {{"r", "l", "i", "here", 2}}, 2, {{"r", 0}}},
      {"a part", {{"r", "l", "i", "here", 5}}, 2, {{"r", 3}}},
      {"more than is reserved", {{"r", "l", "i", "here", 1}}, 2, {{"r", 0}}},
      {"the one that fits", {{"r", "l", "i", "here", 5}, {"s", "l", "i", "here", 2}}, 2, {{"s", 0}}},
      {"the location's first", {{"r", "l", "i", "there", 2}, {"s", "l", "i", "here", 1}}, 2, {{"s", 0}, {"r", 1}}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(stock::use_up(c.held, "here", c.quantity) == c.reduced);
  }
}
