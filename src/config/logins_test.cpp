#include "config/logins.hpp"
#include <doctest/doctest.h>

TEST_CASE("an @ behind the first / ? or # means that a login is cut there") {
  constexpr std::string_view kOptions[] = {"user", "password"};
  const auto cuts = [&](const char* text) { return config::cuts_login(text, kOptions); };
  for (const char* text : {"u:p@h/d", "u:p@w@h:1/d", "h", "h/d?user=me@there&password=p@q", "u:p@h/d?a=b#c", ""})
    CHECK_MESSAGE(!cuts(text), text);
  for (const char* text : {"u:p#w@h/d", "u:p/w@h/d", "u:p?w@h/d", "u:p@q/w@h/d", "u:1?a=b@h/d", "u:1?user=x&b@h/d",
                           "u:p@q#w@h", "p/w@h", "#@", "u:p%2/@h"})
    CHECK_MESSAGE(cuts(text), text);
}

TEST_CASE("of a URL the server is shown, and nothing that may be a login or an option") {
  const auto shown = [](const char* url) { return config::covered_url(url); };
  CHECK(shown("postgres://u:p@h:1/d?sslmode=x&password=p") == "postgres://***@h:1/d?***");
  CHECK(shown("postgres://a,b:2,[::3]:4/d") == "postgres://a,b:2,[::3]:4/d");
  CHECK(shown("redis://u:p?a@ss@h/1") == "redis://***@h/1");
  CHECK(shown("postgres://u:p#w@h/d") == "postgres://***@h/d");
  CHECK(shown("postgres://h/d?user=me@x&password=secret") == "postgres://***@***");
  CHECK(shown("postgres://u:secret") == "postgres://***");
  CHECK(shown("postgres://u:secret#x") == "postgres://***?***");
  CHECK(shown("u:secret://x@h") == "***");
  CHECK(shown("host=h password=secret") == "***");
}

TEST_CASE("logins are taken out of other people's messages") {
  CHECK(config::without_logins("bad: postgres://u:p@w@h/d and redis://:s@h, http://x/y") ==
        "bad: postgres://***@h/d and redis://***@h, http://x/y");
  CHECK(config::without_logins("a://b://c@d") == "a://***@d");
  CHECK(config::without_logins("none@all") == "none@all");
}
