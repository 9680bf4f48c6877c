#include "http/cookie_signature.hpp"
#include <doctest/doctest.h>

using base::Mac;

TEST_CASE("cookie signatures") {
  const Mac mac("cookie_secret");
  const std::string signed_value = "OVx-DZacfsg7c85D5_WYy6qCCrhTgfcO.lNipl4rhnlhHDPvcpeaWj/4j0M+UK5ZNCZqzD+IADG4";
  CHECK(http::sign_cookie("OVx-DZacfsg7c85D5_WYy6qCCrhTgfcO", mac) == signed_value);
  CHECK(http::unsign_cookie(signed_value, mac) == "OVx-DZacfsg7c85D5_WYy6qCCrhTgfcO");
  CHECK_FALSE(http::unsign_cookie(signed_value + "x", mac).has_value());
  CHECK_FALSE(http::unsign_cookie("OVx", mac).has_value());
  CHECK_FALSE(http::unsign_cookie(signed_value, Mac("")).has_value());
}
