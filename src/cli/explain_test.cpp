#include "cli/explain.hpp"
#include <doctest/doctest.h>

TEST_CASE("a long list of columns is cut short, and nothing else of a statement") {
  const std::string columns =
      "t.\"a,b\", coalesce(t.x, t.y), 'one, two', t.handle, t.description, t.subtitle, t.thumbnail, t.weight, "
      "t.length, t.height, t.width";
  CHECK(cli::shortened("SELECT " + columns + " FROM product t WHERE t.id = $1") ==
        "SELECT t.\"a,b\", coalesce(t.x, t.y), (9 more) FROM product t WHERE t.id = $1");
  for (const char* whole :
       {"SELECT a, b, c FROM t", "WITH x AS (SELECT 1) SELECT 2", "BEGIN", "SELECT", "SELECT (SELECT 1 FROM t"})
    CHECK(cli::shortened(whole) == whole);
}
