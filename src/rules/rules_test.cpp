#include "base/email.hpp"
#include "base/error.hpp"
#include "rules/rules.hpp"
#include <doctest/doctest.h>

using rules::Is;
using rules::Presence;
using rules::Rules;

namespace {

std::string problems(const Rules& rules, std::string_view json) {
  auto value = base::parse_json(json);
  std::string out;
  for (const auto& problem : rules::check(rules, value)) out += (out.empty() ? "" : ", ") + problem;
  return out;
}

std::string converted(const Rules& rules, std::string_view json) {
  auto value = base::parse_json(json);
  CHECK(rules::check(rules, value).empty());
  return value.dump();
}

const Rules kItem{{{"variant_id", Is::string, Presence::not_empty}, {"quantity", Is::integer, Presence::not_empty}}};
const Rules kCart{{{"region_id", Is::string, Presence::optional}, {"items", Is::array, Presence::optional, &kItem}}};
const Rules kLogin{
    {{"email", Is::email, Presence::not_empty_first}, {"password", Is::string, Presence::not_empty_first}}};
const Rules kAddress{{{"first_name", Is::string, Presence::optional}}};
const Rules kUpdate{{{"shipping_address", Is::nested_or_text, Presence::optional, &kAddress, {}, "AddressPayload"}}};
const Rules kDates{{{"lt", Is::date, Presence::optional}}};
const Rules kList{{{"limit", Is::number_text, Presence::optional},
                   {"is_giftcard", Is::boolean_text, Presence::optional},
                   {"id", Is::text_or_list, Presence::optional},
                   {"created_at", Is::nested, Presence::optional, &kDates},
                   {"status", Is::enumeration, Presence::optional, nullptr, {"draft", "published"}},
                   {"tags", Is::string_array, Presence::optional}}};

} // namespace

// Answers of Medusa 1.20.11 to the same bodies.
TEST_CASE("bodies are refused with 1.20's sentences") {
  CHECK(problems(kCart, R"({"items":[{}],"region_id":1,"zz":1})") ==
        "property zz should not exist, region_id must be a string, variant_id must be a string, variant_id should not "
        "be empty, quantity must be an integer number, quantity should not be empty");
  CHECK(problems(kCart, R"({"items":"x"})") ==
        "items must be an array, each value in nested property items must be either object or array");
  CHECK(problems(kCart, R"({"items":{"a":1}})") ==
        "items must be an array, property a should not exist, variant_id must be a string, variant_id should not be "
        "empty, quantity must be an integer number, quantity should not be empty");
  CHECK(problems(kCart, R"({"items":["x", null, {"variant_id":"","quantity":1.5,"q":1}]})") ==
        "each value in nested property items must be either object or array, each value in nested property items must "
        "be either object or array, property q should not exist, variant_id should not be empty, quantity must be an "
        "integer number");
  CHECK(problems(kCart, "[1]") == "property 0 should not exist");
  CHECK(problems(kCart, "[]") == "");
  CHECK(problems(kLogin, "{}") ==
        "email should not be empty, email must be an email, password should not be empty, password must be a string");
  CHECK(problems(kList, R"({"created_at":{"lt":"xx","zz":"1"}})") ==
        "property zz should not exist, lt must be a Date instance");
  CHECK(problems(kList, R"({"created_at":"2020"})") == "nested property created_at must be either object or array");
  CHECK(problems(kList, R"({"limit":["1","2"]})") == "limit must be a number conforming to the specified constraints");
  CHECK(problems(kList, R"({"limit":"abc"})") == "limit must be a number conforming to the specified constraints");
  CHECK(problems(kList, R"({"status":"zzz"})") == "status must be one of the following values: draft, published");
  CHECK(problems(kList, R"({"tags":[1]})") == "each value in tags must be a string");
  CHECK(problems(kList, R"({"tags":"x"})") == "tags must be an array");
}

TEST_CASE("one of two members is given, unless a third one is; what has a default may not be null") {
  static const Rules price{{{.name = "region_id", .is = Is::any, .either = "currency_code", .unless = "id"},
                            {.name = "currency_code", .is = Is::any, .either = "region_id", .unless = "id"},
                            {"amount", Is::integer},
                            {"shown", Is::boolean, Presence::defaulted},
                            {"status", Is::enumeration, Presence::not_null, nullptr, {"draft"}},
                            {"id", Is::string, Presence::optional}}};
  const std::string neither =
      "Failed XOR relation between \"region_id\" and \"currency_code\"., Failed XOR relation between "
      "\"currency_code\" and \"region_id\".";
  CHECK(problems(price, R"({"amount":1,"currency_code":"eur"})") == "");
  CHECK(problems(price, R"({"amount":1,"region_id":"reg","currency_code":""})") == "");
  CHECK(problems(price, R"({"amount":1,"id":"ma"})") == "");
  CHECK(problems(price, R"({"amount":1})") == neither);
  CHECK(problems(price, R"({"amount":1,"region_id":"reg","currency_code":"eur"})") == neither);
  CHECK(
      problems(price, R"({"amount":1,"id":"ma","shown":null,"status":null})") ==
      "shown must be a boolean value, status should not be equal to null, status must be one of the following values: draft");
}

TEST_CASE("a value of several types is refused with the details of each") {
  auto value = base::parse_json(R"({"shipping_address":{"zz":1,"first_name":5}})");
  CHECK_THROWS_WITH_AS(
      rules::check(kUpdate, value),
      R"x({"message":"shipping_address must be one of: AddressPayload,String","details":{"String":["String validation failed: [object Object] is not a string"],"AddressPayload":["property zz should not exist"," first_name must be a string"]}})x",
      base::Error);
  value = base::parse_json(R"({"shipping_address":5})");
  CHECK_THROWS_WITH_AS(
      rules::check(kUpdate, value),
      R"x({"message":"shipping_address must be one of: AddressPayload,String","details":{"String":["String validation failed: 5 is not a string"],"AddressPayload":["an unknown value was passed to the validate function"]}})x",
      base::Error);
  value = base::parse_json(R"({"id":{"a":"b"}})");
  CHECK_THROWS_WITH_AS(
      rules::check(kList, value),
      R"x({"message":"id must be one of: String,String","details":{"String":["String validation failed: [object Object] is not a string"],"undefined":["Cannot read properties of undefined (reading 'constructor')"]}})x",
      base::Error);
}

TEST_CASE("a query's texts become values") {
  CHECK(converted(kList, R"({"limit":"12"})") == R"({"limit":12})");
  CHECK(converted(kList, R"({"limit":""})") == R"({"limit":0})");
  CHECK(converted(kList, R"({"limit":" 0x10 "})") == R"({"limit":16})");
  CHECK(converted(kList, R"({"limit":"1.5"})") == R"({"limit":1.5})");
  CHECK(converted(kList, R"({"is_giftcard":"TRUE"})") == R"({"is_giftcard":true})");
  CHECK(converted(kList, R"({"is_giftcard":"foo"})") == "{}");
  CHECK(converted(kList, R"({"created_at":{"lt":"2020-01-02"}})") ==
        R"({"created_at":{"lt":"2020-01-02T00:00:00.000Z"}})");
  CHECK(converted(kList, R"({"created_at":{"lt":"1700000000"}})") ==
        R"({"created_at":{"lt":"2023-11-14T22:13:20.000Z"}})");
  CHECK(converted(kCart, R"({"items":[{"variant_id":"v","quantity":2.0}]})") ==
        R"({"items":[{"variant_id":"v","quantity":2}]})");
}

// The right side is what the npm module validator says.
TEST_CASE("e-mail addresses") {
  struct Case {
    const char* text;
    bool good;
  };
  const Case cases[] = {
      {"a@b.co", true},
      {"a@b", false},
      {"not-an-email", false},
      {"a.b@c.d.org", true},
      {"a..b@c.org", false},
      {".a@c.org", false},
      {"a@-c.org", false},
      {"a@c-.org", false},
      {"a@c.1", false},
      {"a@c.o1", false},
      {"\"a b\"@c.org", true},
      {"\"a\"b\"@c.org", false},
      {"a b@c.org", false},
      {"ä@ö.de", true},
      {"a@b.co ", false},
      {" a@b.co", false},
      {"a@b..co", false},
      {"a@b_c.co", false},
      {"a+b@c.io", true},
      {"a@xn--p1ai.xn--p1ai", true},
      {"a@192.168.0.1", false},
      {"@b.co", false},
      {"a@", false},
      {"a@b.c", false},
      {"a@b@c.org", false},
      {"a!#$%&'*+-/=?^_`{|}~@b.co", true},
      {"a(b)@c.org", false},
      {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@b.co", true},
      {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@b.co", false},
      {"a@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.co", true},
      {"a@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.co", false},
      {"a@ｂ.co", false},
      {"", false},
      {"A@B.CO", true},
      {"a @b.co", false},
  };
  for (const auto& [text, good] : cases) {
    CAPTURE(text);
    CHECK(base::is_email(text) == good);
  }
}

TEST_CASE("what a rule says of other members") {
  static const Rules when{{{"starts_at", Is::date, Presence::optional},
                           {.name = "ends_at", .is = Is::date, .presence = Presence::optional, .after = "starts_at"}}};
  CHECK(problems(when, R"({"starts_at":"2024-01-01","ends_at":"2024-01-02"})") == "");
  CHECK(problems(when, R"({"ends_at":"2024-01-02"})") == "");
  CHECK(problems(when, R"({"starts_at":"2024-01-01","ends_at":"2024-01-01"})") ==
        R"("ends_at" must be greater than "starts_at")");
  CHECK(problems(when, R"({"starts_at":"never","ends_at":"2024-01-01"})") ==
        R"(starts_at must be a Date instance, "ends_at" must be greater than "starts_at")");
  static const Rules one{
      {{.name = "products", .is = Is::string_array, .presence = Presence::optional, .instead_of = {"tags"}},
       {.name = "tags", .is = Is::string_array, .presence = Presence::optional, .instead_of = {"products"}}}};
  CHECK(problems(one, R"({"products":["a"]})") == "");
  CHECK(problems(one, R"({"products":["a"],"tags":"b"})") ==
        "Only one of products, tags is allowed, tags must be an array, Only one of tags, products is allowed");
}

TEST_CASE("durations and numbers above zero") {
  static const Rules rules{{{"d", Is::duration, Presence::optional},
                            {"p", Is::positive_number, Presence::optional},
                            {"n", Is::not_negative, Presence::optional}}};
  for (const char* good : {"P1D", "PT1S", "P1Y2M3W4DT5H6M7S", "P0D"})
    CHECK(problems(rules, std::string(R"({"d":")") + good + R"("})") == "");
  for (const char* bad : {"", "P", "PT", "P1", "P1H", "P1D1Y", "1D", "P1DT", "p1d"})
    CHECK(problems(rules, std::string(R"({"d":")") + bad + R"("})") == R"("d" must be a valid ISO 8601 duration)");
  CHECK(problems(rules, R"({"p":0.5,"n":0})") == "");
  CHECK(problems(rules, R"({"p":0,"n":-1})") == "p must be a positive number, n must not be less than 0");
  CHECK(
      problems(rules, R"({"p":"1","n":"1"})") ==
      "p must be a positive number, p must be a number conforming to the specified constraints, n must not be less than 0, "
      "n must be a number conforming to the specified constraints");
}

TEST_CASE("what a row would keep of a body is bounded, by the name of its member") {
  const Rules rules{{{"metadata", Is::object, Presence::optional}, {"context", Is::any, Presence::optional}}};
  // Numbers that are short in the body and long where they are kept.
  std::string numbers = "[1";
  for (int i = 0; i < 5000; i++) numbers += ",1e20";
  numbers += ']';
  CHECK(problems(rules, R"({"metadata":{"a":)" + numbers + "}}") ==
        "metadata must not be longer than 102400 bytes of JSON text");
  CHECK(problems(rules, R"({"context":)" + numbers + "}") ==
        "context must not be longer than 102400 bytes of JSON text");
  const std::string deep = std::string(150, '[') + std::string(150, ']');
  CHECK(problems(rules, R"({"metadata":{"a":)" + deep + "}}") == "metadata must not be nested deeper than 100 levels");
  CHECK(problems(rules, R"({"metadata":{"a":[1]},"context":"text"})").empty());
}

TEST_CASE("dates are those of JavaScript, seconds or milliseconds") {
  CHECK(converted(kDates, R"({"lt":"01-26-1990"})") == R"({"lt":"1990-01-26T00:00:00.000Z"})");
  CHECK(converted(kDates, R"({"lt":"Jan 5 2020 10:00 PM EST"})") == R"({"lt":"2020-01-06T03:00:00.000Z"})");
  CHECK(converted(kDates, R"({"lt":"1704067200"})") == R"({"lt":"2024-01-01T00:00:00.000Z"})");
  CHECK(converted(kDates, R"({"lt":"1704067200000"})") == R"({"lt":"2024-01-01T00:00:00.000Z"})");
  CHECK(converted(kDates, R"({"lt":1704067200000})") == R"({"lt":"2024-01-01T00:00:00.000Z"})");
  CHECK(converted(kDates, R"({"lt":["2024-01-01"]})") == R"({"lt":"2024-01-01T00:00:00.000Z"})");
  for (const auto* none :
       {R"({"lt":"soon"})", R"({"lt":{}})", R"({"lt":true})", R"({"lt":"12345"})", R"({"lt":1e300})"})
    CHECK(problems(kDates, none) == "lt must be a Date instance");
}

TEST_CASE("an empty text of a column of distinct values is none") {
  static const Rules rules{{{"sku", Is::string_or_none, Presence::optional}}};
  CHECK(converted(rules, R"({"sku":""})") == R"({"sku":null})");
  CHECK(converted(rules, R"({"sku":" "})") == R"({"sku":" "})");
  CHECK(problems(rules, R"({"sku":1})") == "sku must be a string");
}

TEST_CASE("a number is one that its column holds") {
  using enum schema::Type;
  schema::add({.name = "RulesTestThing",
               .table = "rules_test_thing",
               .prefix = "",
               .key = "count",
               .columns = {{"count", integer},
                           {"rate", number},
                           {.name = "due", .type = integer, .is_signed = schema::Signed::yes}}});
  static const Rules rules{.rows = {{"count", Is::number, Presence::optional},
                                    {"rate", Is::number, Presence::optional},
                                    {"due", Is::integer, Presence::optional},
                                    {"other", Is::number, Presence::optional}},
                           .of = "RulesTestThing"};
  CHECK(problems(rules, R"({"count":2147483647,"rate":0.5,"due":-2147483648,"other":-1e300})") == "");
  CHECK(problems(rules, R"({"count":-1})") == "count must not be less than 0");
  CHECK(problems(rules, R"({"count":2147483648})") == "count must not be greater than 2147483647");
  CHECK(problems(rules, R"({"count":0.5})") == "count must be an integer number");
  CHECK(problems(rules, R"({"count":"1"})") == "count must be a number conforming to the specified constraints");
  CHECK(problems(rules, R"({"rate":-1})") == "rate must not be less than 0");
  CHECK(problems(rules, R"({"rate":1e39})") == "rate must not be greater than 3.4028234663852886e+38");
  CHECK(problems(rules, R"({"rate":1e-300})") == "rate must be a number conforming to the specified constraints");
  CHECK(problems(rules, R"({"due":-2147483649})") == "due must not be less than -2147483648");
}
