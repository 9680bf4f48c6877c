#include "ports/cache.hpp"
#include <doctest/doctest.h>

using base::Json;
using ports::matches_pattern;
using namespace std::chrono_literals;

TEST_CASE("a pattern is matched as a whole") {
  CHECK(matches_pattern("ps:a:*", "ps:a:x"));
  CHECK(matches_pattern("ps:a:*", "ps:a:"));
  CHECK_FALSE(matches_pattern("ps:a:*", "ps:ab:x"));
  CHECK_FALSE(matches_pattern("ps:a", "ps:a:"));
  CHECK(matches_pattern("*", ""));
  CHECK(matches_pattern("a*b*c", "aXbXbc"));
  CHECK_FALSE(matches_pattern("a*b*c", "aXbXb"));
  CHECK(matches_pattern("**a", "a"));
  CHECK_FALSE(matches_pattern("", "a"));
  // Long and repetitive: still linear enough.
  CHECK_FALSE(matches_pattern("a*a*a*a*a*a*b", std::string(20'000, 'a')));
}

TEST_CASE("values in memory: kept, ended, taken away; shared by those of one store") {
  const auto store = ports::memory_store();
  const auto cache = ports::memory_cache(store, {});
  cache->set("a", base::parse_json(R"({"n":[1,"ä"]})"));
  cache->set("ps:1:eu", 1);
  cache->set("ps:10:eu", 3);
  cache->invalidate({"b", "ps:1:*"});
  CHECK(cache->get("a")->dump() == R"({"n":[1,"ä"]})");
  CHECK_FALSE(cache->get("ps:1:eu"));
  CHECK(cache->get("ps:10:eu"));
  const auto other = ports::memory_cache(store, {.ttl = 0s});
  cache->set("seen", 1);
  CHECK(other->get("seen") == Json(1));
  other->set("unseen", 1);
  CHECK_FALSE(other->get("unseen"));
  for (int i = 0; i < 3000; ++i) cache->set(std::to_string(i), i, std::chrono::seconds(1 + i));
  CHECK(cache->get("2999") == Json(2999));
}
