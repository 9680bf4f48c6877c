#include "db/options.hpp"
#include <algorithm>

namespace db {
namespace {
// Reads of the one kind, transactions of the other.
constexpr int kLeast = 2;

std::chrono::milliseconds milliseconds(const base::Json& value, std::chrono::milliseconds fallback) {
  return value.is_number() ? std::chrono::milliseconds(value.as_int()) : fallback;
}
} // namespace

int most_connections(const config::Config& config) {
  const auto& max = config.database_extra["max"];
  const auto& given = max.truthy() ? max : config.database_extra["poolSize"];
  return given.truthy() ? std::max(static_cast<int>(given.as_int()), kLeast) : 0;
}

Options options_from(const config::Config& config, int threads, const std::string& url, int others) {
  Options options;
  const auto& client = config.database_extra;
  options.url = client["connectionString"].is_string() ? client["connectionString"].as_string() : config.database_url;
  if (!url.empty()) options.url = url;
  options.database = config.database_database;
  // The default leaves a search_path that the role or the URL sets.
  if (config.database_schema != "public") options.schema = config.database_schema;
  options.client = client;
  options.logging = config.database_logging;
  options.patience = milliseconds(client["connectionTimeoutMillis"], options.patience);
  if (options.patience.count() == 0) options.patience = Options{}.patience; // node-postgres: no limit
  options.idle = milliseconds(client["idleTimeoutMillis"], options.idle);
  if (const int most = most_connections(config)) {
    const int each = std::max((most - others) / std::max(threads, 1), kLeast);
    options.shared_connections = std::clamp(each / 4, 1, options.shared_connections);
    options.exclusive_connections = each - options.shared_connections;
  }
  return options;
}

} // namespace db
