#include "app/redis.hpp"
#include <stdexcept>

namespace app {
namespace {

redis::Options named(const std::string& key, const std::string& url, const base::Json& options) {
  try {
    redis::Options named = redis::options_from(url, options);
    named.setting = key;
    return named;
  } catch (const std::invalid_argument& fault) {
    throw config::ConfigError(key + ": " + std::string(fault.what()));
  }
}
} // namespace

std::optional<redis::Options> session_redis(const config::Config& config) {
  if (config.redis_url.empty()) return {};
  return named("projectConfig.redis_url", config.redis_url, config.redis_options);
}

redis::Options module_redis(const config::Module& module) {
  return named("modules." + module.key + ".options.redisUrl", module.options["redisUrl"].as_string(),
               module.options["redisOptions"]);
}

void require_redis(const config::Config& config) {
  if (!config.production()) return;
  if (const auto sessions = session_redis(config)) redis::probe(*sessions);
  for (const config::Module& module : config.modules)
    if (module.options["redisUrl"].is_string()) redis::probe(module_redis(module));
}

} // namespace app
