// The cache that the configuration's cacheService names. Owns nothing. Called by serve() on the main thread;
// what it returns makes one for each thread, on that thread.
#pragma once
#include "config/config.hpp"
#include "plugins/child.hpp"
#include "ports/cache.hpp"
#include <functional>

namespace boost::asio {
class io_context;
}

namespace app {

using MakeCache = std::function<std::unique_ptr<ports::Cache>(boost::asio::io_context&)>;
// `child` (or null) has a cache of its own where it shares none through Redis. Throws ConfigError.
MakeCache cache_of(const config::Config& config, plugins::Child* child);

} // namespace app
