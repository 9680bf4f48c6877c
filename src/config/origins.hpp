// CORS lists: what their entries mean, and why some of them can't match anything that a browser sends. Owns nothing. Called
// while a configuration is loaded; any thread.
#pragma once
#include "config/config.hpp"
#include <optional>

namespace config {

// Splits a comma-separated list and recognises patterns. Throws ConfigError for a pattern that a comma has broken, and for
// one that can't be read as it is meant.
Origins parse_origins(const base::Json& value);

// Of a literal entry that no Origin header can be equal to: what is wrong with it, and with the entry that was probably meant
// as `nearest`. nullopt for one that can match, and for patterns.
std::optional<Remark> never_matches(const Origin& origin);

} // namespace config
