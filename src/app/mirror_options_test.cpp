#include "app/mirror_options.hpp"
#include <doctest/doctest.h>

namespace {

TEST_CASE("a share of the requests") {
  CHECK(app::share_of("1%") == 0.01);
  CHECK(app::share_of("0.1%") == 0.001);
  CHECK(app::share_of("100%") == 1);
  for (const char* none : {"", "%", "1", "0%", "0.001%", "101%", "-1%", "1e1%", "1 %", " 1%", "nan%", "1%%", "one%"}) {
    CAPTURE(none);
    CHECK(!app::share_of(none));
  }
}

TEST_CASE("the URL of another server") {
  struct Case {
    const char* url;
    bool encrypted;
    const char* host; // null: it is none
  };
  for (const auto& [url, encrypted, host] :
       std::initializer_list<Case>{{"http://localhost:9000", false, "localhost"},
                                   {"https://shop.example/api/", true, "shop.example"},
                                   {"http://10.0.0.5", false, "10.0.0.5"},
                                   {"http://[::1]:9000", false, "::1"},
                                   {"http://[fd00::1]/", false, "fd00::1"},
                                   {"localhost:9000", false, nullptr},
                                   {"ftp://localhost", false, nullptr},
                                   {"http://", false, nullptr},
                                   {"http:///path", false, nullptr},
                                   {"http://user:secret@host", false, nullptr},
                                   {"http://host:", false, nullptr},
                                   {"http://host:0", false, nullptr},
                                   {"http://host:65536", false, nullptr},
                                   {"http://host:80:80", false, nullptr},
                                   {"http://[::1", false, nullptr},
                                   {"http://[host]", false, nullptr},
                                   {"http://ho st", false, nullptr},
                                   {"http://host\\path", false, nullptr},
                                   {"http://host?query", false, nullptr},
                                   {"http://host#part", false, nullptr},
                                   {"http://h\xc3\xb6st", false, nullptr}}) {
    CAPTURE(url);
    const auto place = app::place_of(url);
    REQUIRE(place.has_value() == (host != nullptr));
    if (!host) continue;
    CHECK(place->encrypted == encrypted);
    CHECK(place->host == host);
  }
}

TEST_CASE("addresses of this machine and of private networks, and their neighbours") {
  for (const char* near : {"127.0.0.1", "127.255.255.255", "10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255",
                           "192.168.0.1", "::1", "fc00::1", "fdff::1"}) {
    CAPTURE(near);
    CHECK(app::is_near(near));
  }
  for (const char* far : {"126.255.255.255", "128.0.0.0", "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0",
                          "192.167.255.255", "192.169.0.0", "0.0.0.0", "169.254.169.254", "203.0.113.5", "::", "::2",
                          "fbff::1", "fe00::1", "2001:db8::1", "localhost", ""}) {
    CAPTURE(far);
    CHECK(!app::is_near(far));
  }
}

} // namespace
