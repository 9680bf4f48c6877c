#include "base/error.hpp"
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

TEST_CASE("what a row keeps of a client's own is bounded, whatever many requests add to it") {
  const auto text_of = [](std::size_t bytes) {
    return base::Json(base::JsonObject{{"a", std::string(bytes - 8, 'x')}});
  };
  const auto most = text_of(base::kMostKept), more = text_of(base::kMostKept + 1);
  CHECK(most.dump().size() == base::kMostKept);
  CHECK(base::refusal_to_keep("metadata", most).empty());
  CHECK(base::refusal_to_keep("metadata", more) == "metadata must not be longer than 102400 bytes of JSON text");
  const auto little = parse_json(R"({"b":1})");
  CHECK_THROWS_AS(base::merge_metadata(most, little), base::Error);
  CHECK_THROWS_AS(base::spread_kept("context", most, little), base::Error);
  CHECK(base::merge_metadata(little, text_of(1000)).size() == 2);
  // What is there may be beyond the limit already: it can be changed, but not grow.
  const auto large = text_of(2 * base::kMostKept);
  CHECK(base::merge_metadata(large, text_of(2 * base::kMostKept - 1)).size() == 1);
  CHECK_THROWS_AS(base::merge_metadata(large, little), base::Error);
}

TEST_CASE("what a row keeps of a client's own is not nested deeper than can be read within something else") {
  const auto nested = [](std::size_t levels) {
    return parse_json(R"({"a":)" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + '}');
  };
  CHECK(base::refusal_to_keep("context", nested(base::kDeepestKept)).empty());
  CHECK(base::refusal_to_keep("context", nested(base::kDeepestKept + 1)) ==
        "context must not be nested deeper than 100 levels");
  CHECK_THROWS_AS(base::spread_kept("context", {}, nested(base::kDeepestKept + 1)), base::Error);
}
