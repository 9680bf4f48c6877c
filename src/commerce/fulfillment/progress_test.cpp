#include "base/error.hpp"
#include "commerce/fulfillment/progress.hpp"
#include <doctest/doctest.h>

namespace fulfillment = commerce::fulfillment;
using fulfillment::Owner;
using fulfillment::Part;
using fulfillment::Units;

namespace {
struct Case {
  const char* name;
  std::vector<Units> items;
  std::vector<Part> parts;
  std::string_view status;
  std::vector<std::pair<std::string, std::int64_t>> counts;
};
void check(const Case& c, const fulfillment::Progress& after) {
  CAPTURE(c.name);
  CHECK(after.status == c.status);
  std::vector<std::pair<std::string, std::int64_t>> counts;
  for (const auto& item : after.items) counts.emplace_back(item.item_id, item.count);
  CHECK(counts == c.counts);
}
} // namespace

TEST_CASE("fulfillment: what packing does") {
  const std::vector<Case> cases{
      {"all at once", {{"a", 2}}, {{"a", 2}}, "fulfilled", {{"a", 2}}},
      {"a part", {{"a", 2}}, {{"a", 1}}, "partially_fulfilled", {{"a", 1}}},
      {"the rest", {{"a", 2, 1}}, {{"a", 1}}, "fulfilled", {{"a", 2}}},
      {"another item is open", {{"a", 1}, {"b", 1}}, {{"a", 1}}, "partially_fulfilled", {{"a", 1}}},
      {"another item is packed", {{"a", 1}, {"b", 1, 1}}, {{"a", 1}}, "fulfilled", {{"a", 1}}},
      {"nothing", {{"a", 1}}, {}, "partially_fulfilled", {}},
  };
  for (const auto& c : cases) check(c, fulfillment::after_fulfillment(Owner::order, c.items, c.parts));
}

TEST_CASE("fulfillment: what packing does for a swap or claim") {
  const std::vector<Case> cases{
      {"all", {{"a", 2}}, {{"a", 2}}, "fulfilled", {{"a", 2}}},
      {"no method serves one item", {{"a", 1}, {"b", 1}}, {{"a", 1}}, "requires_action", {{"a", 1}}},
      {"again, after it was unpacked", {{"a", 2, 0}}, {{"a", 2}}, "fulfilled", {{"a", 2}}},
  };
  for (const auto owner : {Owner::swap, Owner::claim})
    for (const auto& c : cases) check(c, fulfillment::after_fulfillment(owner, c.items, c.parts));
}

TEST_CASE("fulfillment: what shipping does") {
  const std::vector<Case> cases{
      {"all", {{"a", 2, 2}}, {{"a", 2}}, "shipped", {{"a", 2}}},
      {"a part", {{"a", 2, 2}}, {{"a", 1}}, "partially_shipped", {{"a", 1}}},
      {"the second of two", {{"a", 1, 1, 1}, {"b", 1, 1}}, {{"b", 1}}, "shipped", {{"b", 1}}},
      {"the first of two", {{"a", 1, 1}, {"b", 1, 1}}, {{"b", 1}}, "partially_shipped", {{"b", 1}}},
  };
  for (const auto& c : cases) check(c, fulfillment::after_shipment(c.items, c.parts));
}

TEST_CASE("fulfillment: what unpacking does") {
  check({"all", {}, {}, "canceled", {{"a", 0}}}, fulfillment::after_cancelation({{"a", 2, 2}}, {{"a", 2}}));
}

TEST_CASE("fulfillment: no more is packed than was bought") {
  CHECK(fulfillment::fulfillable({{"a", 2, 1}}, {{"a", 1}, {"unknown", 5}}).size() == 1);
  CHECK_THROWS_WITH_AS(fulfillment::fulfillable({{"a", 2, 1}}, {{"a", 2}}),
                       "Cannot fulfill more items than have been purchased", base::Error);
  // The same item twice in one request counts together.
  CHECK_THROWS_AS(fulfillment::fulfillable({{"a", 2}}, {{"a", 1}, {"a", 2}}), base::Error);
}

TEST_CASE("fulfillment: shipping methods share the items by profile") {
  const std::vector<fulfillment::Shippable> items{{{"a", 1}, "sp_1"}, {{"b", 1}, "sp_2"}};
  CHECK(fulfillment::partition({"sp_9"}, items).front().size() == 2);
  const auto parts = fulfillment::partition({"sp_2", "sp_1", "sp_3"}, items);
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].front().item_id == "b");
  CHECK(parts[1].front().item_id == "a");
  CHECK(parts[2].empty());
  // Nothing is packed twice.
  const auto shared = fulfillment::partition({"sp_1", "sp_1"}, items);
  CHECK(shared[0].size() == 1);
  CHECK(shared[1].empty());
}
