#include "base/json.hpp"
#include "base/metadata.hpp"
#include <doctest/doctest.h>
#include <string>

using base::Json;
using base::JsonObject;

namespace {

std::string name(int i) { return "n" + std::to_string(i); }
Json numbered(int members) {
  Json object = Json::object();
  for (int i = 0; i < members; i++) object.set(name(i), i);
  return object;
}
// Names that are compared for each member that is looked up. A search from the start would compare half of all.
double comparisons_each(const Json& object) {
  return static_cast<double>(object.as_object().comparisons()) / static_cast<double>(object.size());
}

constexpr int kMany = 20'000;
// Half of the places of the table are free; this is far above what chance makes of that.
constexpr double kFew = 8;

} // namespace

TEST_CASE("an object finds each member, few or many, and keeps their order") {
  for (const int members : {0, 1, 31, 32, 33, 64, 65, 128, 129, 1000}) {
    CAPTURE(members);
    const Json object = numbered(members);
    REQUIRE(object.size() == static_cast<std::size_t>(members));
    int at = 0;
    for (const auto& member : object.as_object()) REQUIRE(member.name == name(at++));
    for (int i = 0; i < members; i++) REQUIRE(object[name(i)] == Json(i));
    CHECK_FALSE(object.has(name(members)));
    CHECK_FALSE(object.has(""));
    CHECK(base::parse_json(object.dump()) == object);
    CHECK(JsonObject(object.as_object()) == object.as_object());
  }
}

TEST_CASE("an object replaces, takes away and adds, few or many, as a list of members would") {
  for (const int members : {10, 33, 500}) {
    CAPTURE(members);
    Json object = numbered(members);
    object.set(name(3), "new");
    object.erase(name(0));
    object.erase("nobody");
    object.as_object().erase_if([](const base::JsonMember& member) { return member.name.ends_with('5'); });
    object.set(name(0), "back");
    CHECK_FALSE(object.has(name(5)));
    CHECK(object.as_object().begin()->name == name(1));
    CHECK((object.as_object().end() - 1)->name == name(0));
    CHECK(object[name(3)] == Json("new"));
    for (int i = 1; i < members; i++)
      if (i != 3) REQUIRE(object[name(i)] == (i % 10 == 5 ? Json() : Json(i)));
    const Json copy = object;
    object.set(name(1), "changed");
    CHECK(copy[name(1)] == Json(1));
    const Json moved = std::move(object);
    CHECK(moved[name(1)] == Json("changed"));
  }
}

TEST_CASE("an object that has become small again is still searched") {
  Json object = numbered(100);
  object.as_object().erase_if([](const base::JsonMember& member) { return member.name.size() > 2; });
  CHECK(object.size() == 10);
  CHECK(object[name(9)] == Json(9));
  object.set("a", 1);
  CHECK(object["a"] == Json(1));
}

TEST_CASE("of names that are repeated in a text the last value counts, in the place of the first") {
  std::string text = "{";
  for (int i = 0; i < 100; i++) text += '"' + name(i % 50) + "\":" + std::to_string(i) + ',';
  text.back() = '}';
  const Json object = base::parse_json(text);
  REQUIRE(object.size() == 50);
  CHECK(object.as_object().begin()->name == name(0));
  CHECK(object[name(0)] == Json(50));
  CHECK(object[name(49)] == Json(99));
}

TEST_CASE("however an object of many members comes about, looking one up stays cheap") {
  const Json set = numbered(kMany);
  CHECK(comparisons_each(set) < kFew);
  const Json parsed = base::parse_json(set.dump());
  CHECK(comparisons_each(parsed) < kFew);
  CHECK(comparisons_each(Json(parsed)) < kFew);
  CHECK(comparisons_each(base::spread(Json::object(), parsed)) < kFew);
  CHECK(comparisons_each(base::spread(Json::object(), Json(std::string(kMany, 'x')))) < kFew);
  Json pushed = Json::object();
  for (int i = 0; i < kMany; i++) pushed.as_object().push_back({name(i), i});
  CHECK(comparisons_each(pushed) < kFew);
  Json erased = parsed;
  erased.as_object().erase_if([](const base::JsonMember& member) { return member.name.ends_with('1'); });
  CHECK(comparisons_each(erased) < kFew);
  erased.erase(name(2));
  CHECK(comparisons_each(erased) < kFew);
}
