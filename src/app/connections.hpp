// From configuration to connections: what db and redis need to know. Called by app and cli at start.
#pragma once
#include "config/config.hpp"
#include "db/options.hpp"
#include "redis/redis.hpp"
#include <optional>

namespace app {

// Where the shop's database is. `embedded_url` stands in where the configuration and PG* name none.
db::Options database_options(const config::Config& config, const std::string& embedded_url = {});
// Neither the configuration nor the environment names a database: the embedded server is used.
bool wants_embedded_database(const config::Config& config);
// Sessions' Redis; none without redis_url. Throws std::invalid_argument for a URL that is none.
std::optional<redis::Options> redis_options(const config::Config& config);
// Server threads: as configured, else as many as processors but at most two.
unsigned thread_count(const config::Config& config);

} // namespace app
