// What JavaScript's `new Date(text)` makes of a text, in a process whose time zone is UTC. Any thread.
#pragma once
#include "base/time.hpp"
#include <optional>
#include <string_view>

namespace base {

// ISO 8601 and everything else that V8 takes for a date: "01-26-1990", "Jan 5 2020 10:00 PM EST", "2020/1/5". Nothing where
// V8 says "Invalid Date". A time without a zone is UTC.
std::optional<Instant> parse_date(std::string_view text);

} // namespace base
