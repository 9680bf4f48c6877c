#include "config/origins.hpp"
#include "http/cors.hpp"
#include <chrono>
#include <doctest/doctest.h>

namespace {
http::Cors list(const char* text) { return http::Cors(config::parse_origins(base::Json(text))); }
std::string fault(const char* text) {
  return http::pattern_fault(config::parse_origins(base::Json(text)).front()).value_or("");
}
} // namespace

TEST_CASE("patterns of CORS lists mean what JavaScript means by them") {
  struct Case {
    const char *entry, *origin;
    bool allowed;
  };
  const Case cases[] = {
      {"http://a.com", "http://a.com", true},
      {"http://a.com", "HTTP://a.com", false},
      {"/a\\.com/", "http://a.com.evil", true},
      {"/a\\.com$/", "http://a.com\n", false},
      {"/A/", "a", false},
      {"/A/i", "a", true},
      {"/^b/m", "a\nb", true},
      {"/^b/", "a\nb", false},
      {"/a.b/", "a\nb", false},
      {"/a.b/s", "a\nb", true},
      {"/\\u0061\\x62/", "ab", true},
      {"/^\\d+$/", "12", true},
      {"/[^]/", "x", true},
      {"/[]/", "x", false},
      {"/(?<=x)a/", "xa", true},
      {"/(?<n>a)\\k<n>/", "aa", true},
      {"/a{,2}/", "a{,2}", true},
      {"/(z)?\\1a/", "a", true},
      {"/a/g", "a", true},
      {"/a/y", "ba", false}, // sticky: at the beginning, each time anew
      {"/a/y", "ab", true},
  };
  for (const Case& one : cases)
    CHECK_MESSAGE(http::Cors(config::Origins{config::parse_origins(base::Json(base::JsonArray{base::Json(one.entry)}))})
                          .allows(one.origin) == one.allowed,
                  one.entry);
}

TEST_CASE("a pattern that explodes ends soon, and matches nothing") {
  const auto began = std::chrono::steady_clock::now();
  for (const char* pattern : {"/^(a+)+$/", "/(.*a){25}$/", "/(x+x+)+y/", "/(a|aa)+$/"})
    CHECK(!list(pattern).allows(std::string(2000, 'a') + "!"));
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(2));
  CHECK(!list("/a/").allows(std::string(5000, 'a'))); // no origin is that long
}

TEST_CASE("what is wrong with a pattern") {
  CHECK(fault("/a(/") == "missing closing parenthesis at character 3");
  CHECK(fault("/*/").find("quantifier") == 0);
  CHECK(fault("/a(b)/").empty());
  CHECK(fault("http://a.com").empty());
  CHECK_THROWS_AS(list("/a(/"), config::ConfigError);
}
