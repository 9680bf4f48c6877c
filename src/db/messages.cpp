#include "base/log.hpp"
#include "base/strings.hpp"
#include "db/messages_impl.hpp"
#include <fmt/format.h>

namespace db {
namespace {
unsigned bits(const config::DatabaseLogging& logging) {
  return (logging.warn ? 1u : 0u) | (logging.info ? 2u : 0u) | (logging.log ? 4u : 0u);
}

// TypeORM's levels stand for the server's severities; what was not asked for is there for debugging.
void receive(void* wanted_bits, const PGresult* notice) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(wanted_bits);
  const char* found = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  const std::string_view severity = found ? found : "";
  const std::string_view text = base::trim(PQresultErrorMessage(notice));
  auto level = base::LogLevel::debug;
  if (severity == "WARNING" && (wanted & 1u)) level = base::LogLevel::warn;
  if ((severity == "NOTICE" || severity == "INFO") && (wanted & 2u)) level = base::LogLevel::info;
  if ((severity == "LOG" || severity == "DEBUG") && (wanted & 4u)) level = base::LogLevel::info;
  base::log(level, text, {{"from", "postgres"}});
}
} // namespace

void log_notices(PGconn* connection, const config::DatabaseLogging& logging) {
  PQsetNoticeReceiver(connection, receive,
                      reinterpret_cast<void*>(std::uintptr_t{bits(logging)})); // NOLINT(performance-no-int-to-ptr)
}

void log_statement(const config::DatabaseLogging& logging, std::string_view sql, double milliseconds,
                   const Failure* failure) {
  const std::string duration = fmt::format("{:.2f}", milliseconds);
  if (failure && logging.error)
    base::log_error(fmt::format("query failed: {}", sql),
                    {{"ms", duration}, {"sqlstate", failure->sqlstate}, {"error", failure->message}});
  else if (logging.query)
    base::log_info(fmt::format("query: {}", sql), {{"ms", duration}});
}

void log_migration(const config::DatabaseLogging& logging, std::string_view name) {
  if (logging.migration) base::log_info(fmt::format("migration: {} has been applied", name));
}

void log_schema(const config::DatabaseLogging& logging, std::string_view sql) {
  if (logging.schema) base::log_info(fmt::format("schema: {}", sql));
}

} // namespace db
