#include "http/crypto.hpp"
#include <doctest/doctest.h>

using http::Mac;
using namespace std::chrono_literals;

TEST_CASE("JSON Web Tokens") {
  // Made by jsonwebtoken, as 1.20 makes them.
  const Mac mac("supersecret");
  const auto claims = http::verify_jwt(
      mac, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
           "eyJ1c2VyX2lkIjoidXNyXzEiLCJkb21haW4iOiJhZG1pbiIsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjo0MTAyNDQ0ODAwfQ."
           "PWPxgaYhRWHBtJF02j9GvuEFl-tx_TGbcxqP2_G_Hos");
  REQUIRE(claims.has_value());
  CHECK((*claims)["user_id"] == base::Json("usr_1"));
  // Expired.
  CHECK_FALSE(http::verify_jwt(mac, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
                                    "eyJ1c2VyX2lkIjoidXNyXzEiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDAwMX0."
                                    "zmgjlgjwcIWy9LiD2Bv7Bs8Y9TKU3JOvBL7Io8vouSw"));
  // Another algorithm, and none.
  CHECK_FALSE(http::verify_jwt(mac, "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9."
                                    "eyJ1c2VyX2lkIjoidXNyXzEiLCJpYXQiOjE3MDAwMDAwMDB9."
                                    "qb2a-Mp9FrUo93VgZJsykFk4C5IBHeW8eyGVK6sROr_aEgkzYomXfCgSV2NS4J37"));
  CHECK_FALSE(
      http::verify_jwt(mac, "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJ1c2VyX2lkIjoidXNyXzEiLCJpYXQiOjE3MDAwMDAwMDB9."));
  for (const char* nonsense : {"", ".", "..", "a.b", "a.b.c", "a.b.c.d"}) CHECK_FALSE(http::verify_jwt(mac, nonsense));

  auto own = base::Json::object();
  own.set("customer_id", "cus_1");
  const auto token = http::sign_jwt(mac, own, 30s);
  CHECK(http::verify_jwt("supersecret", token).has_value());
  CHECK_FALSE(http::verify_jwt("another secret", token).has_value());
  CHECK_FALSE(http::verify_jwt(mac, http::sign_jwt(mac, own, 0s)).has_value());
  CHECK(token.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
}

TEST_CASE("cookie signatures") {
  const Mac mac("cookie_secret");
  const std::string signed_value = "OVx-DZacfsg7c85D5_WYy6qCCrhTgfcO.lNipl4rhnlhHDPvcpeaWj/4j0M+UK5ZNCZqzD+IADG4";
  CHECK(http::sign_cookie("OVx-DZacfsg7c85D5_WYy6qCCrhTgfcO", mac) == signed_value);
  CHECK(http::unsign_cookie(signed_value, mac) == "OVx-DZacfsg7c85D5_WYy6qCCrhTgfcO");
  CHECK_FALSE(http::unsign_cookie(signed_value + "x", mac).has_value());
  CHECK_FALSE(http::unsign_cookie("OVx", mac).has_value());
  CHECK_FALSE(http::unsign_cookie(signed_value, Mac("")).has_value());
}

TEST_CASE("passwords") {
  // "supersecret", stored by Medusa 1.20.
  const std::string medusa =
      "c2NyeXB0AAEAAAABAAAAAVRBQ/BMmylXRNS9fuMyK9wiLqJoLqMhwUAtVNzqoG3ZnjNYdMG4Td67StjeJHuOM8CjpIjfcaG54jxCXYEHmqtutthG"
      "RNgQvy1ELXzMDn+5";
  CHECK(http::check_password("supersecret", medusa));
  CHECK_FALSE(http::check_password("supersecreT", medusa));
  std::string damaged = medusa;
  damaged[100] = damaged[100] == 'A' ? 'B' : 'A';
  CHECK_FALSE(http::check_password("supersecret", damaged));
  // "pässword" with stronger parameters.
  CHECK(http::check_password("pässword",
                             "c2NyeXB0AA8AAAAIAAAAAeHTL0kwT+oQyHGxTBkxek9KU4dgwO51NpqXmjq5yEuZMGIljDEYMx+2SQZS"
                             "LpuoZ8uvEJzuQRgQqFRzYi3Onootc73PpVptRazrtD3ZoRc3"));
  CHECK_FALSE(http::check_password("x", ""));
  CHECK_FALSE(http::check_password("x", "nonsense"));

  const auto hash = http::hash_password("a password");
  CHECK(hash.size() == 128);
  CHECK(hash.starts_with("c2NyeXB0AA4AAAAIAAAAA")); // logN 14, r 8, p 1
  CHECK(http::check_password("a password", hash));
  CHECK_FALSE(http::check_password("another", hash));
  CHECK(http::hash_password("a password") != hash);
  CHECK_FALSE(http::check_password("a password", std::nullopt));
}

TEST_CASE("a weak hash becomes a strong one of the same mark") {
  const std::string medusa =
      "c2NyeXB0AAEAAAABAAAAAVRBQ/BMmylXRNS9fuMyK9wiLqJoLqMhwUAtVNzqoG3ZnjNYdMG4Td67StjeJHuOM8CjpIjfcaG54jxCXYEHmqtutthG"
      "RNgQvy1ELXzMDn+5";
  const auto stronger = http::stronger_hash("supersecret", medusa);
  REQUIRE(stronger);
  CHECK(http::check_password("supersecret", *stronger));
  CHECK_FALSE(http::check_password("supersecreT", *stronger));
  CHECK_FALSE(http::stronger_hash("supersecret", *stronger));
  CHECK_FALSE(http::stronger_hash("supersecret", "a text of somebody's own"));
  const auto mark = http::password_mark("usr_1", medusa);
  CHECK(mark == http::password_mark("usr_1", *stronger));
  CHECK(mark != http::password_mark("usr_2", medusa));
  CHECK(mark != http::password_mark("usr_1", http::hash_password("supersecret")));
  CHECK(mark != http::password_mark("usr_1", ""));
}

TEST_CASE("a wrong guess costs the same whatever the hash, and whether there is one") {
  const std::string weak =
      "c2NyeXB0AAEAAAABAAAAAVRBQ/BMmylXRNS9fuMyK9wiLqJoLqMhwUAtVNzqoG3ZnjNYdMG4Td67StjeJHuOM8CjpIjfcaG54jxCXYEHmqtutthG"
      "RNgQvy1ELXzMDn+5";
  const auto strong = http::hash_password("supersecret");
  const auto cost = [](const std::optional<std::string>& hash) {
    const auto cpu = [] {
      timespec now{};
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
      return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
    };
    double least = 1e9;
    for (int i = 0; i < 3; i++) {
      const double before = cpu();
      CHECK_FALSE(http::check_password("wrong", hash));
      least = std::min(least, cpu() - before);
    }
    return least;
  };
  const double known = cost(strong);
  for (const double other : {cost(weak), cost(std::nullopt), cost("nonsense")}) {
    CHECK(other > known * 0.5);
    CHECK(other < known * 2);
  }
}
