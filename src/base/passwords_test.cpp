#include "base/passwords.hpp"
#include <algorithm>
#include <ctime>
#include <doctest/doctest.h>

TEST_CASE("passwords") {
  // "supersecret", stored by Medusa 1.20.
  const std::string medusa =
      "c2NyeXB0AAEAAAABAAAAAVRBQ/BMmylXRNS9fuMyK9wiLqJoLqMhwUAtVNzqoG3ZnjNYdMG4Td67StjeJHuOM8CjpIjfcaG54jxCXYEHmqtutthG"
      "RNgQvy1ELXzMDn+5";
  CHECK(base::check_password("supersecret", medusa));
  CHECK_FALSE(base::check_password("supersecreT", medusa));
  std::string damaged = medusa;
  damaged[100] = damaged[100] == 'A' ? 'B' : 'A';
  CHECK_FALSE(base::check_password("supersecret", damaged));
  // "pässword" with stronger parameters.
  CHECK(base::check_password("pässword",
                             "c2NyeXB0AA8AAAAIAAAAAeHTL0kwT+oQyHGxTBkxek9KU4dgwO51NpqXmjq5yEuZMGIljDEYMx+2SQZS"
                             "LpuoZ8uvEJzuQRgQqFRzYi3Onootc73PpVptRazrtD3ZoRc3"));
  CHECK_FALSE(base::check_password("x", ""));
  CHECK_FALSE(base::check_password("x", "nonsense"));

  const auto hash = base::hash_password("a password");
  CHECK(hash.size() == 128);
  CHECK(hash.starts_with("c2NyeXB0AA4AAAAIAAAAA")); // logN 14, r 8, p 1
  CHECK(base::check_password("a password", hash));
  CHECK_FALSE(base::check_password("another", hash));
  CHECK(base::hash_password("a password") != hash);
  CHECK_FALSE(base::check_password("a password", std::nullopt));
}

TEST_CASE("a weak hash becomes a strong one of the same mark") {
  const std::string medusa =
      "c2NyeXB0AAEAAAABAAAAAVRBQ/BMmylXRNS9fuMyK9wiLqJoLqMhwUAtVNzqoG3ZnjNYdMG4Td67StjeJHuOM8CjpIjfcaG54jxCXYEHmqtutthG"
      "RNgQvy1ELXzMDn+5";
  const auto stronger = base::stronger_hash("supersecret", medusa);
  REQUIRE(stronger);
  CHECK(base::check_password("supersecret", *stronger));
  CHECK_FALSE(base::check_password("supersecreT", *stronger));
  CHECK_FALSE(base::stronger_hash("supersecret", *stronger));
  CHECK_FALSE(base::stronger_hash("supersecret", "a text of somebody's own"));
  const auto mark = base::password_mark("usr_1", medusa);
  CHECK(mark == base::password_mark("usr_1", *stronger));
  CHECK(mark != base::password_mark("usr_2", medusa));
  CHECK(mark != base::password_mark("usr_1", base::hash_password("supersecret")));
  CHECK(mark != base::password_mark("usr_1", ""));
}

TEST_CASE("a wrong guess costs the same whatever the hash, and whether there is one") {
  const std::string weak =
      "c2NyeXB0AAEAAAABAAAAAVRBQ/BMmylXRNS9fuMyK9wiLqJoLqMhwUAtVNzqoG3ZnjNYdMG4Td67StjeJHuOM8CjpIjfcaG54jxCXYEHmqtutthG"
      "RNgQvy1ELXzMDn+5";
  const auto strong = base::hash_password("supersecret");
  const auto cost = [](const std::optional<std::string>& hash) {
    const auto cpu = [] {
      timespec now{};
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
      return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
    };
    double least = 1e9;
    for (int i = 0; i < 3; i++) {
      const double before = cpu();
      CHECK_FALSE(base::check_password("wrong", hash));
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
