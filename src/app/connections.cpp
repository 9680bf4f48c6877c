#include "app/connections.hpp"
#include "base/log.hpp"
#include <algorithm>
#include <cstdlib>
#include <thread>

namespace app {
namespace {

void log_statement(std::string_view sql, double milliseconds) {
  base::log(base::LogLevel::info, "query: " + std::string(sql), {{"ms", base::number_text(milliseconds)}});
}

// node-postgres: `ssl` is true, false or the options of tls.connect.
db::Tls tls_of(const base::Json& ssl) {
  if (ssl.is_object()) {
    const auto& reject = ssl["rejectUnauthorized"];
    return reject.is_bool() && !reject.as_bool() ? db::Tls::unverified : db::Tls::verified;
  }
  return ssl.truthy() ? db::Tls::verified : db::Tls::as_url;
}

// Options of node-postgres that name where to connect, and win over the URL there.
constexpr std::pair<std::string_view, std::string_view> kKeywords[] = {
    {"host", "host"}, {"port", "port"},       {"user", "user"},        {"password", "password"},
    {"database", "dbname"}, {"application_name", "application_name"}};

} // namespace

bool wants_embedded_database(const config::Config& config) {
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value && *value;
  };
  return config.database_url.empty() && config.database_database.empty() && !config.database_extra.has("host") &&
         !set("PGHOST") && !set("PGDATABASE") && !set("PGUSER") && !set("PGSERVICE") && !set("PGPORT");
}

db::Options database_options(const config::Config& config, const std::string& embedded_url) {
  db::Options options;
  options.url = embedded_url.empty() ? config.database_url : embedded_url;
  options.database = config.database_database;
  if (config.database_schema != "public") options.schema = config.database_schema;
  const auto& extra = config.database_extra;
  options.tls = tls_of(extra["ssl"]);
  for (const auto& [theirs, ours] : kKeywords) {
    const auto& value = extra[theirs];
    if (value.is_string()) options.keywords.emplace_back(ours, value.as_string());
    if (value.is_integer()) options.keywords.emplace_back(ours, std::to_string(value.as_int()));
  }
  if (extra["max"].is_integer()) {
    // One pool of that size for the whole server; a shared connection serves many requests, so a few suffice.
    const auto each = std::max<std::int64_t>(2, extra["max"].as_int() / thread_count(config));
    options.shared_connections = each >= 4 ? 2 : 1;
    options.exclusive_connections = static_cast<int>(each) - options.shared_connections;
  }
  if (config.database_logging == config::DatabaseLogging::all) options.log = log_statement;
  return options;
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
