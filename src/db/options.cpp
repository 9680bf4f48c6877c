#include "db/options.hpp"
#include "base/log.hpp"
#include "config/config.hpp"
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace db {
namespace {

void log_statement(std::string_view sql, double milliseconds) {
  base::log_info(fmt::format("query: {}", sql), {{"ms", fmt::format("{:.1f}", milliseconds)}});
}

std::string text_of(const base::Json& value) {
  return value.is_string() ? value.as_string() : value.is_number() ? value.dump() : std::string();
}

void add(Options& options, const char* keyword, const base::Json& value) {
  auto text = text_of(value);
  if (!text.empty()) options.keywords.emplace_back(keyword, text);
}

// node-postgres takes milliseconds, libpq seconds.
int seconds(const base::Json& milliseconds) {
  return static_cast<int>(std::ceil(milliseconds.as_number() / 1000));
}

} // namespace

Options options_from(const config::Config& config, int threads, const std::string& url) {
  Options options;
  options.url = url.empty() ? config.database_url : url;
  options.database = config.database_database;
  // The default leaves a search_path that the role or the URL sets.
  if (config.database_schema != "public") options.schema = config.database_schema;
  if (config.database_logging == config::DatabaseLogging::all) options.log = log_statement;
  const auto& extra = config.database_extra;
  // Medusa 1.20: database_extra is laid over the pool's options, so these win over the URL.
  add(options, "host", extra["host"]);
  add(options, "port", extra["port"]);
  add(options, "user", extra["user"]);
  add(options, "password", extra["password"]);
  add(options, "dbname", extra["database"]);
  add(options, "application_name", extra["application_name"]);
  if (extra["connectionTimeoutMillis"].is_number() && extra["connectionTimeoutMillis"].as_number() > 0) {
    options.keywords.emplace_back("connect_timeout", std::to_string(std::max(2, seconds(extra["connectionTimeoutMillis"]))));
    options.patience = std::chrono::milliseconds(static_cast<std::int64_t>(extra["connectionTimeoutMillis"].as_number()));
  }
  const auto& ssl = extra["ssl"];
  if (ssl.is_object())
    options.tls = ssl["rejectUnauthorized"].is_bool() && !ssl["rejectUnauthorized"].as_bool() ? Tls::unverified
                                                                                              : Tls::verified;
  else if (ssl.is_bool() && ssl.as_bool())
    options.tls = Tls::verified;
  if (extra["max"].is_number()) {
    int most = std::max(2, static_cast<int>(extra["max"].as_number()) / std::max(threads, 1));
    options.shared_connections = std::clamp(most / 4, 1, options.shared_connections);
    options.exclusive_connections = most - options.shared_connections;
  }
  return options;
}

} // namespace db
