// What may be seen of a configuration's values: secrets, logins in URLs and texts in options are covered. Owns nothing.
// Called by `stheno config`; any thread.
#pragma once
#include "config/config.hpp"

namespace config {

// The value of a setting as it may be shown; undefined where there is none.
base::Json shown_value(const Setting& setting);

} // namespace config
