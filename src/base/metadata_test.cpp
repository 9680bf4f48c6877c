#include "base/metadata.hpp"
#include <doctest/doctest.h>

using base::parse_json;

TEST_CASE("metadata: an empty text removes a member, other values replace it") {
  const auto merged = [](const char* existing, const char* update) {
    return base::merge_metadata(parse_json(existing), parse_json(update)).dump();
  };
  CHECK(merged("null", R"({"a":1})") == R"({"a":1})");
  CHECK(merged(R"({"a":1,"b":2})", R"({"a":"","c":3})") == R"({"b":2,"c":3})");
  CHECK(merged(R"({"a":{"x":1}})", R"({"a":{"y":2}})") == R"({"a":{"y":2}})");
  CHECK(merged(R"({"a":1})", R"({"a":null})") == R"({"a":null})");
  CHECK(merged(R"({"a":1})", R"("xé")") == R"({"a":1,"0":"x","1":"é"})");
  CHECK(merged("[1]", R"(["", 2])") == R"({"1":2})");
  CHECK(merged(R"({"a":1})", "5") == R"({"a":1})");
}

TEST_CASE("spread: later members win, in the place of the first") {
  const auto spread = [](const char* first, const char* second) {
    return base::spread(parse_json(first), parse_json(second)).dump();
  };
  CHECK(spread(R"({"a":1,"b":2})", R"({"a":3,"c":4})") == R"({"a":3,"b":2,"c":4})");
  CHECK(spread("{}", R"("xy")") == R"({"0":"x","1":"y"})");
  CHECK(spread(R"({"a":1})", "null") == R"({"a":1})");
}

TEST_CASE("same_value: members in any order, numbers by value") {
  const auto same = [](const char* a, const char* b) { return base::same_value(parse_json(a), parse_json(b)); };
  CHECK(same(R"({"a":1,"b":[1,{"c":2}]})", R"({"b":[1,{"c":2.0}],"a":1})"));
  CHECK_FALSE(same(R"({"a":1})", R"({"a":2})"));
  CHECK_FALSE(same(R"({"a":1})", R"({"b":1})"));
  CHECK_FALSE(same("[1,2]", "[2,1]"));
  CHECK_FALSE(same("{}", "[]"));
}

TEST_CASE("a change of metadata takes many members away and sets others at once") {
  std::string existing = "{", update = "{";
  for (int i = 0; i < 100; i++) {
    existing += "\"n" + std::to_string(i) + "\":" + std::to_string(i) + ',';
    update += "\"n" + std::to_string(i) + "\":" + (i == 7 ? "70" : "\"\"") + ',';
  }
  existing += "\"last\":1}";
  update += "\"new\":2}";
  CHECK(base::merge_metadata(parse_json(existing), parse_json(update)).dump() == R"({"n7":70,"last":1,"new":2})");
}
