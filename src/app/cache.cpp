#include "app/cache.hpp"
#include "app/redis.hpp"

namespace app {
namespace {

ports::CacheOptions options_of(const base::Json& module) {
  ports::CacheOptions options;
  if (module["ttl"].is_number()) options.ttl = std::chrono::seconds(module["ttl"].as_int());
  // Medusa 1.20: an empty one is none.
  if (module["namespace"].is_string() && !module["namespace"].as_string().empty())
    options.name_space = module["namespace"].as_string();
  return options;
}

} // namespace

MakeCache cache_of(const config::Config& config) {
  const config::Module* module = config.module("cacheService");
  const ports::CacheOptions options = module ? options_of(module->options) : ports::CacheOptions{};
  if (!module || module->package != "@medusajs/cache-redis")
    return [store = ports::memory_store(), options](boost::asio::io_context&) {
      return ports::memory_cache(store, options);
    };
  return [connection = module_redis(*module), options](boost::asio::io_context& io) {
    return ports::redis_cache(std::make_unique<redis::Client>(io, connection), options);
  };
}

} // namespace app
