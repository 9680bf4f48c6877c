// How long a dynamic discount's codes are valid: an ISO 8601 duration, added to a moment as JavaScript's Date adds it.
// Pure; any thread. Called by discount/edit.
#pragma once
#include "base/time.hpp"
#include <optional>
#include <string_view>

namespace commerce::discount {

// The npm module iso8601-duration: years, months and days by the calendar in UTC, so that the 31st of January and a month
// make the 2nd or 3rd of March; then the rest. Nothing for a text that is no such duration.
std::optional<base::Instant> plus_duration(base::Instant from, std::string_view duration);

} // namespace commerce::discount
