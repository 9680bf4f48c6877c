// The Redis servers that a configuration names, with the key by which each is called in messages. Owns nothing. Called at start,
// on the main thread.
#pragma once
#include "config/config.hpp"
#include "redis/redis.hpp"
#include <optional>

namespace app {

// Of sessions (redis_url); nullopt where they live in this process.
std::optional<redis::Options> session_redis(const config::Config& config);
// Of a module with an option redisUrl. Throws ConfigError.
redis::Options module_redis(const config::Module& module);

// In production a Redis that is configured must answer before anything is served, as the database must: throws base::Error with
// the reason. Elsewhere the server starts without it, and says so when it misses it.
void require_redis(const config::Config& config);

} // namespace app
