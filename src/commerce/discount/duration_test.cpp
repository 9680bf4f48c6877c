#include "commerce/discount/duration.hpp"
#include <doctest/doctest.h>

namespace commerce::discount {

// What the npm module iso8601-duration makes of them.
TEST_CASE("durations are added by the calendar") {
  struct Case {
    std::string_view from, duration, to;
  };
  for (const auto& [from, duration, to] :
       std::initializer_list<Case>{{"2026-01-15T10:00:00.000Z", "P1D", "2026-01-16T10:00:00.000Z"},
                                   {"2026-01-31T10:00:00.000Z", "P1M", "2026-03-03T10:00:00.000Z"},
                                   {"2024-02-29T10:00:00.000Z", "P1Y", "2025-03-01T10:00:00.000Z"},
                                   {"2026-12-31T23:59:59.000Z", "PT1S", "2027-01-01T00:00:00.000Z"},
                                   {"2026-01-01T00:00:00.000Z", "P1Y2M3W4DT5H6M7S", "2027-03-01T00:00:00.000Z"},
                                   {"2026-01-01T00:00:00.000Z", "P3W", "2026-01-22T00:00:00.000Z"},
                                   {"2026-01-01T00:00:00.000Z", "P1Y2M4DT5H6M7S", "2027-03-05T05:06:07.000Z"},
                                   {"2026-11-30T00:00:00.000Z", "P3M", "2027-03-02T00:00:00.000Z"},
                                   {"2026-01-01T00:00:00.000Z", "PT36H", "2026-01-02T12:00:00.000Z"}}) {
    const auto sum = plus_duration(*base::parse_iso_time(from), duration);
    CAPTURE(from);
    CAPTURE(duration);
    REQUIRE(sum);
    CHECK(base::iso_time(*sum) == to);
  }
}

TEST_CASE("what is no duration adds nothing") {
  for (const std::string_view text :
       {"", "P", "PT", "1D", "P1H", "P1D2M", "P1", "P-1D", "PT1", "P1DT", "P99999999999D"})
    CHECK_FALSE(plus_duration(base::Instant{}, text));
}

} // namespace commerce::discount
