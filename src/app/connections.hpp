// From configuration to connections: what redis needs, and whether a database is named to know. Called by app and cli at start.
#pragma once
#include "config/config.hpp"
#include "redis/redis.hpp"
#include <optional>

namespace app {

// Neither the configuration nor the environment names a database: the embedded server is used.
bool wants_embedded_database(const config::Config& config);
// Sessions' Redis; none without redis_url. Throws std::invalid_argument for a URL that is none.
std::optional<redis::Options> redis_options(const config::Config& config);
// Server threads: as configured, else as many as processors but at most two.
unsigned thread_count(const config::Config& config);

} // namespace app
