#include "base/tokens.hpp"
#include <doctest/doctest.h>

using base::Mac;
using namespace std::chrono_literals;

TEST_CASE("JSON Web Tokens") {
  // Made by jsonwebtoken, as 1.20 makes them.
  const Mac mac("supersecret");
  const auto claims = base::verify_jwt(
      mac, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
           "eyJ1c2VyX2lkIjoidXNyXzEiLCJkb21haW4iOiJhZG1pbiIsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjo0MTAyNDQ0ODAwfQ."
           "PWPxgaYhRWHBtJF02j9GvuEFl-tx_TGbcxqP2_G_Hos");
  REQUIRE(claims.has_value());
  CHECK((*claims)["user_id"] == base::Json("usr_1"));
  // Expired.
  CHECK_FALSE(base::verify_jwt(mac, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
                                    "eyJ1c2VyX2lkIjoidXNyXzEiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDAwMX0."
                                    "zmgjlgjwcIWy9LiD2Bv7Bs8Y9TKU3JOvBL7Io8vouSw"));
  // Another algorithm, and none.
  CHECK_FALSE(base::verify_jwt(mac, "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9."
                                    "eyJ1c2VyX2lkIjoidXNyXzEiLCJpYXQiOjE3MDAwMDAwMDB9."
                                    "qb2a-Mp9FrUo93VgZJsykFk4C5IBHeW8eyGVK6sROr_aEgkzYomXfCgSV2NS4J37"));
  CHECK_FALSE(
      base::verify_jwt(mac, "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJ1c2VyX2lkIjoidXNyXzEiLCJpYXQiOjE3MDAwMDAwMDB9."));
  for (const char* nonsense : {"", ".", "..", "a.b", "a.b.c", "a.b.c.d"}) CHECK_FALSE(base::verify_jwt(mac, nonsense));

  auto own = base::Json::object();
  own.set("customer_id", "cus_1");
  const auto token = base::sign_jwt(mac, own, 30s);
  CHECK(base::verify_jwt("supersecret", token).has_value());
  CHECK_FALSE(base::verify_jwt("another secret", token).has_value());
  CHECK_FALSE(base::verify_jwt(mac, base::sign_jwt(mac, own, 0s)).has_value());
  CHECK(token.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
}
