#include "commerce/entities.hpp"
#include "commerce/rows.hpp"
#include <doctest/doctest.h>

using base::parse_json;
using commerce::Rows;

TEST_CASE("rows: only what changed is written, each kind of statement once") {
  commerce::add_entities();
  Rows rows("LineItem", {parse_json(R"({"id":"item_1","quantity":1,"has_shipping":true})"),
                         parse_json(R"({"id":"item_2","quantity":2,"has_shipping":false})"),
                         parse_json(R"({"id":"item_3","quantity":3,"has_shipping":false})")});
  rows.set("item_1", "quantity", 1);
  CHECK(rows.writes().empty());

  rows.set_all("has_shipping", false);
  auto writes = rows.writes();
  REQUIRE(writes.size() == 1);
  CHECK(writes[0].params.values() == std::vector<std::optional<std::string>>{"item_1", "false"});

  rows.set("item_2", "quantity", 5);
  rows.remove("item_3");
  const auto added = rows.add(parse_json(R"({"quantity":7})"));
  rows.remove(rows.add(parse_json(R"({"quantity":8})"))); // never written at all
  writes = rows.writes();
  REQUIRE(writes.size() == 3);
  CHECK(writes[0].params.values()[0] == R"({"item_3"})");
  CHECK(writes[1].params.values()[0] ==
        R"([{"id":"item_1","has_shipping":false,"quantity":1},{"id":"item_2","has_shipping":false,"quantity":5}])");
  CHECK(writes[2].params.values() == std::vector<std::optional<std::string>>{added, "7"});

  rows.forget("item_2");
  rows.forget(added);
  writes = rows.writes();
  REQUIRE(writes.size() == 2);
  CHECK(writes[1].params.values() == std::vector<std::optional<std::string>>{"item_1", "false"});
}
