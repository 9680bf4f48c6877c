#include "base/json.hpp"
#include "base/log.hpp"
#include "base/strings.hpp"
#include "db/messages_impl.hpp"
#include <fmt/format.h>

namespace db {
namespace {
unsigned bits(const config::DatabaseLogging& logging) {
  return (logging.warn ? 1u : 0u) | (logging.info ? 2u : 0u) | (logging.log ? 4u : 0u);
}

// TypeORM's levels stand for the server's severities; what was not asked for is not logged.
void receive(void* wanted_bits, const PGresult* notice) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(wanted_bits);
  const char* found = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  const std::string_view severity = found ? found : "";
  const bool warns = severity == "WARNING" && (wanted & 1u);
  const bool informs = ((severity == "NOTICE" || severity == "INFO") && (wanted & 2u)) ||
                       ((severity == "LOG" || severity == "DEBUG") && (wanted & 4u));
  if (!warns && !informs) return;
  const std::string_view text = base::trim(PQresultErrorMessage(notice));
  base::log(warns ? base::LogLevel::warn : base::LogLevel::info, text, {{"from", "postgres"}});
}

// As TypeORM writes them, save for what is very long.
std::string shown(const Params& params) {
  constexpr std::size_t kLongest = 1000;
  if (params.values().empty()) return {};
  base::JsonArray values;
  for (const auto& value : params.values())
    values.push_back(!value                     ? base::Json(nullptr)
                     : value->size() > kLongest ? base::Json(std::to_string(value->size()) + " bytes")
                                                : base::Json(*value));
  return " -- PARAMETERS: " + base::Json(std::move(values)).dump();
}
} // namespace

void log_notices(PGconn* connection, const config::DatabaseLogging& logging) {
  PQsetNoticeReceiver(connection, receive,
                      reinterpret_cast<void*>(std::uintptr_t{bits(logging)})); // NOLINT(performance-no-int-to-ptr)
}

void log_statement(const config::DatabaseLogging& logging, std::string_view sql, const Params* params,
                   double milliseconds, const Failure* failure) {
  const std::string duration = fmt::format("{:.2f}", milliseconds);
  const std::string values = logging.parameters && params ? shown(*params) : std::string();
  if (failure && logging.error)
    base::log_error(fmt::format("query failed: {}{}", sql, values),
                    {{"ms", duration}, {"sqlstate", failure->sqlstate}, {"error", failure->message}});
  else if (logging.query)
    base::log_info(fmt::format("query: {}{}", sql, values), {{"ms", duration}});
}

void log_migration(const config::DatabaseLogging& logging, std::string_view name) {
  if (logging.migration) base::log_info(fmt::format("migration: {} has been applied", name));
}

void log_schema(const config::DatabaseLogging& logging, std::string_view sql) {
  if (logging.schema) base::log_info(fmt::format("schema: {}", sql));
}

} // namespace db
