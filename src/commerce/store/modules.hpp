// What GET /admin/store says of the server: feature flags and modules, by which the dashboard decides what it shows.
// Pure functions, any thread.
#pragma once
#include "config/config.hpp"
#include "schema/flags.hpp"
#include <string>

namespace commerce::store {

// [{"key", "value"}] in 1.20's order.
std::string feature_flags_json(const schema::Flags& flags);
// [{"module", "resolution"}]
std::string modules_json(const config::Config& config);

} // namespace commerce::store
