#include "base/terminal.hpp"
#include <chrono>
#include <doctest/doctest.h>

TEST_CASE("durations and sizes are said as people say them") {
  using namespace std::chrono_literals;
  CHECK(base::duration_text(850us) == "850 µs");
  CHECK(base::duration_text(12345us) == "12.3 ms");
  CHECK(base::duration_text(345ms) == "345 ms");
  CHECK(base::duration_text(4200ms) == "4.2 s");
  CHECK(base::duration_text(200s) == "3 min 20 s");
  CHECK(base::size_text(812) == "812 B");
  CHECK(base::size_text(12345) == "12.3 kB");
  CHECK(base::size_text(4'000'000) == "4.0 MB");
}
