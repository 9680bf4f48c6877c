#include "http/query_string.hpp"
#include <doctest/doctest.h>

// The right side is what the npm module qs 6.17 makes of the left one.
TEST_CASE("query strings are read as qs reads them") {
  struct Case {
    const char *query, *json;
  };
  const Case cases[] = {
      {R"(a=1)", R"({"a":"1"})"},
      {R"(a[b]=1)", R"({"a":{"b":"1"}})"},
      {R"(a[]=1)", R"({"a":["1"]})"},
      {R"(a[]=1&a[]=2)", R"({"a":["1","2"]})"},
      {R"(a[0]=1&a[1]=2)", R"({"a":["1","2"]})"},
      {R"(a[1]=x&a[0]=y)", R"({"a":["y","x"]})"},
      {R"(a[5]=x)", R"({"a":["x"]})"},
      {R"(a=1&a=2)", R"({"a":["1","2"]})"},
      {R"(a=1&a[]=2)", R"({"a":["1","2"]})"},
      {R"(a[]=1&a=2)", R"({"a":["1","2"]})"},
      {R"(a[b]=1&a=2)", R"({"a":[{"b":"1"},"2"]})"},
      {R"(a=2&a[b]=1)", R"({"a":["2",{"b":"1"}]})"},
      {R"(a[b][c][d][e][f][g]=1)", R"({"a":{"b":{"c":{"d":{"e":{"f":{"[g]":"1"}}}}}}})"},
      {R"(a%5Bb%5D=1)", R"({"a":{"b":"1"}})"},
      {R"(a=b+c%20d)", R"({"a":"b c d"})"},
      {R"(a=%zz)", R"({"a":"%zz"})"},
      {R"(a=%E4)", R"({"a":"%E4"})"},
      {R"(a)", R"({"a":""})"},
      {R"(a=)", R"({"a":""})"},
      {R"(&&a=1&)", R"({"a":"1"})"},
      {R"(=x)", R"({})"},
      {R"([]=x)", R"({"0":"x"})"},
      {R"([a]=1)", R"({"a":"1"})"},
      {R"([0]=x)", R"({"0":"x"})"},
      {R"(a[b=1)", R"({"a":{"[b":"1"}})"},
      {R"(a]b=1)", R"({"a]b":"1"})"},
      {R"(a[]b]=1)", R"({"a":["1"]})"},
      {R"(a[[]]=1)", R"({"a":{"[]":"1"}})"},
      {R"(toString=1)", R"({})"},
      {R"(a[constructor]=1)", R"({})"},
      {R"(__proto__[x]=1)", R"({})"},
      {R"(a[__proto__]=1)", R"({})"},
      {R"(a[01]=1)", R"({"a":{"01":"1"}})"},
      {R"(a[-1]=1)", R"({"a":{"-1":"1"}})"},
      {R"(a[b][]=1&a[b][]=2)", R"({"a":{"b":["1","2"]}})"},
      {R"(a[][b]=1&a[][b]=2)", R"({"a":[{"b":["1","2"]}]})"},
      {R"(a[0][b]=1&a[0][c]=2)", R"({"a":[{"b":"1","c":"2"}]})"},
      {R"(a[0]=b&a[k]=2)", R"({"a":{"0":"b","k":"2"}})"},
      {R"(a[k]=2&a[0]=b)", R"({"a":{"0":"b","k":"2"}})"},
      {R"(created_at[gt]=2020-01-01&created_at[lt]=2021)", R"({"created_at":{"gt":"2020-01-01","lt":"2021"}})"},
      {R"(2=a&1=b&x=c)", R"({"1":"b","2":"a","x":"c"})"},
      {R"(a[99999]=x&a[2]=y)", R"({"a":["y","x"]})"},
      {R"(a[][]=1)", R"({"a":["1"]})"},
      {R"(a[b]=&a[b]=2)", R"({"a":{"b":["","2"]}})"},
      {R"(a[b]=1&a[b]=2)", R"({"a":{"b":["1","2"]}})"},
      {R"(a=1=2)", R"({"a":"1=2"})"},
      {R"(a[b]=c]=d)", R"({"a":{"b":"c]=d"}})"},
      {R"(a[]=x&a[2]=y&a[]=z)", R"({"a":["x","z","y"]})"},
      {R"(a.b=1)", R"({"a.b":"1"})"},
      {R"(a;b=1)", R"({"a;b":"1"})"},
      {R"(limit=12&fields=id,title)", R"({"limit":"12","fields":"id,title"})"},
      {R"(a[0]=)", R"({"a":[""]})"},
      {R"(a[]=&a[]=1)", R"({"a":["","1"]})"},
  };
  for (const auto& [query, json] : cases) {
    CAPTURE(query);
    CHECK(http::parse_query(query).dump() == json);
  }
}

TEST_CASE("parameters beyond the thousandth are dropped") {
  std::string query = "a=0";
  for (int i = 1; i < 1200; i++) query += "&a=" + std::to_string(i);
  CHECK(http::parse_query(query)["a"].size() == 1000);
}

TEST_CASE("a huge index costs nothing") {
  CHECK(http::parse_query("a[4294967294]=x&a[0]=y").dump() == R"({"a":["y","x"]})");
}

TEST_CASE("decodeURIComponent") {
  CHECK(http::decode_uri_component("a%20b") == "a b");
  CHECK(http::decode_uri_component("a+b") == "a+b");
  CHECK(http::decode_uri_component("%C3%A4") == "ä");
  CHECK_FALSE(http::decode_uri_component("%").has_value());
  CHECK_FALSE(http::decode_uri_component("%zz").has_value());
  CHECK_FALSE(http::decode_uri_component("%E4").has_value());
}

TEST_CASE("a query of many names is read like one of few") {
  std::string query;
  for (int i = 0; i < 200; i++)
    query += "a[n" + std::to_string(i % 100) + "]=" + std::to_string(i) + "&b" + std::to_string(i) + "=1&";
  const auto value = http::parse_query(query);
  CHECK(value.size() == 201);
  CHECK(value["a"].size() == 100);
  CHECK(value["a"]["n99"].dump() == R"(["99","199"])");
  CHECK(value["a"].as_object().begin()->name == "n0");
  CHECK(value["b199"] == base::Json("1"));
}
