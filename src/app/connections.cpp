#include "app/connections.hpp"
#include <algorithm>
#include <cstdlib>
#include <thread>

namespace app {
bool wants_embedded_database(const config::Config& config) {
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value && *value;
  };
  return config.database_url.empty() && config.database_database.empty() && !config.database_extra.has("host") &&
         !set("PGHOST") && !set("PGDATABASE") && !set("PGUSER") && !set("PGSERVICE") && !set("PGPORT");
}

std::optional<redis::Options> redis_options(const config::Config& config) {
  if (config.redis_url.empty()) return {};
  auto options = redis::parse_url(config.redis_url);
  const auto& given = config.redis_options;
  if (given["db"].is_integer()) options.database = static_cast<int>(given["db"].as_int());
  if (given["username"].is_string()) options.user = given["username"].as_string();
  if (given["password"].is_string()) options.password = given["password"].as_string();
  if (given["tls"].is_object()) {
    options.tls = true;
    const auto& reject = given["tls"]["rejectUnauthorized"];
    options.verify_certificate = !(reject.is_bool() && !reject.as_bool());
  }
  return options;
}

unsigned thread_count(const config::Config& config) {
  if (config.threads > 0) return static_cast<unsigned>(config.threads);
  return std::clamp(std::thread::hardware_concurrency(), 1u, 2u);
}

} // namespace app
