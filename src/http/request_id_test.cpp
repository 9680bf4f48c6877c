#include "http/request_id.hpp"
#include <doctest/doctest.h>

TEST_CASE("a request's id is its trace's, else its own, else a new one") {
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736", parent = "-00f067aa0ba902b7-01";
  CHECK(http::request_id("00-" + trace + parent, "mine") == trace);
  CHECK(http::request_id("01-" + trace + parent + "-more", "mine") == trace);
  // Not as the standard has it: nothing of it is taken.
  for (const std::string& wrong :
       {"ff-" + trace + parent, "00-" + std::string(32, '0') + parent, "00-" + trace, "00-" + trace + parent + "more",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736" + parent, std::string()})
    CHECK(http::request_id(wrong, "mine") == "mine");
  CHECK(http::request_id("", "a\x01"
                             "b\x7f\xc3\xa9") == "ab");
  CHECK(http::request_id("", std::string(1000, 'x')).size() == 128);
  CHECK(http::request_id("", "").size() == 36);
  CHECK(http::request_id("", "") != http::request_id("", ""));
}
