#include "base/strings.hpp"
#include "db/address_impl.hpp"
#include "db/connector_impl.hpp"
#include "db/errors.hpp"
#include "db/messages_impl.hpp"
#include <boost/asio/post.hpp>
#include <cerrno>
#include <mutex>
#include <poll.h>
#include <thread>

namespace db {
namespace {

using Clock = std::chrono::steady_clock;

std::string session_settings(PGconn* connection, const Options& options, const Address& address) {
  // Catalogues fit in memory: with the default of 4 the planner avoids indexes that pay (-17 % CPU measured).
  std::string sql = "SET TIME ZONE 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; "
                    "SET standard_conforming_strings = on; SET random_page_cost = 1.1; ";
  if (!options.schema.empty()) {
    char* quoted = PQescapeIdentifier(connection, options.schema.data(), options.schema.size());
    sql.append("SET search_path TO ").append(quoted).append("; ");
    PQfreemem(quoted);
  }
  for (const std::string& setting : address.settings) sql.append("SET ").append(setting).append("; ");
  return sql;
}

// Until the connection is ready or refused, or time is up.
bool wait_connected(PGconn* connection, Clock::time_point deadline) {
  PostgresPollingStatusType wanted = PGRES_POLLING_WRITING;
  while (wanted != PGRES_POLLING_OK && wanted != PGRES_POLLING_FAILED) {
    pollfd ready{PQsocket(connection), static_cast<short>(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    const int polled = ::poll(&ready, 1, static_cast<int>(left));
    if (polled < 0 && errno == EINTR) continue;
    if (polled <= 0) return false;
    wanted = PQconnectPoll(connection);
  }
  return true;
}

// "FATAL:  3D000: database "x" does not exist\nLOCATION: ..." is for programs: the code apart, the rest for people.
Attempt refusal(PGconn* connection) {
  Attempt attempt;
  std::vector<std::string> kept;
  for (const std::string& line : base::split(PQerrorMessage(connection), '\n')) {
    std::string_view text = base::trim(line);
    if (text.empty() || text.starts_with("LOCATION:")) continue;
    constexpr std::string_view kSeverity = "FATAL:  ";
    const auto at = text.find(kSeverity);
    const auto code = at == std::string_view::npos ? text.size() : at + kSeverity.size();
    if (code + 7 <= text.size() && text.substr(code + 5, 2) == ": ") {
      attempt.sqlstate = text.substr(code, 5);
      kept.push_back(std::string(text.substr(0, code)) + std::string(text.substr(code + 7)));
    } else {
      kept.emplace_back(text);
    }
  }
  attempt.reason = kept.empty() ? "out of memory" : base::join(kept, "\n");
  return attempt;
}
} // namespace

Attempt connect(const Options& options, const std::string& setup) {
  std::optional<Address> address;
  try {
    address = address_of(options);
  } catch (const base::Error& error) {
    return {nullptr, error.what(), {}};
  }
  std::vector<const char*> names, values;
  for (const auto& [name, value] : address->keywords) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  const auto deadline = Clock::now() + address->patience;
  Handle connection(PQconnectStartParams(names.data(), values.data(), 0));
  if (!connection) return {nullptr, "out of memory", {}};
  PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  if (PQstatus(connection.get()) != CONNECTION_BAD && !wait_connected(connection.get(), deadline))
    return {nullptr, "no answer within " + std::to_string(address->patience.count()) + " ms", {}};
  if (PQstatus(connection.get()) != CONNECTION_OK) return refusal(connection.get());
  PQsetErrorVerbosity(connection.get(), PQERRORS_DEFAULT);
  log_notices(connection.get(), options.logging);
  PGresult* result = PQexec(connection.get(), (session_settings(connection.get(), options, *address) + setup).c_str());
  const bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
  PQclear(result);
  if (!good) return refusal(connection.get());
  return {std::move(connection), {}, {}};
}

struct Connector::Shared {
  std::mutex mutex;
  boost::asio::io_context* loop; // null once the connector is gone
  Options options;
  std::string setup;
};

Connector::Connector(boost::asio::io_context& loop, Options options, std::string setup)
    : shared_(std::make_shared<Shared>()) {
  shared_->loop = &loop;
  shared_->options = std::move(options);
  shared_->setup = std::move(setup);
}

Connector::~Connector() {
  std::lock_guard lock(shared_->mutex);
  shared_->loop = nullptr;
}

void Connector::connect(std::function<void(Attempt)> then) {
  std::thread([shared = shared_, then = std::move(then)]() mutable {
    Attempt attempt = db::connect(shared->options, shared->setup);
    std::lock_guard lock(shared->mutex);
    if (!shared->loop) return;
    boost::asio::post(*shared->loop, [shared, attempt = std::move(attempt), then = std::move(then)]() mutable {
      // On the destructor's thread from here on.
      if (shared->loop) then(std::move(attempt));
    });
  }).detach();
}

// Medusa 1.20: handle-postgres-database-error.ts.
void probe(const Options& options) {
  const Attempt attempt = connect(options);
  if (attempt.connection) return;
  std::string text = attempt.reason;
  const auto says = [&](std::string_view words) { return attempt.reason.find(words) != std::string::npos; };
  if (attempt.sqlstate == "3D000")
    text = "The specified PostgreSQL database does not exist. Please create it and try again.\n" + text;
  else if (attempt.sqlstate == "28000")
    text = "The specified credentials does not exists for the specified PostgreSQL database.\n" + text;
  else if (says("could not translate host name"))
    text = "The specified connection string for your PostgreSQL database might have illegal characters: its host is "
           "unknown.\n" +
           text;
  else if (says("Connection refused") || says("No such file or directory"))
    text = "Failed to establish a connection to PostgreSQL. Is it running where database_url points "
           "(postgres://user:password@host:port/database)?\n" +
           text;
  else if (says("certificate verify failed") || says("does not match host name"))
    text += "\nA database whose certificate nobody vouches for wants database_extra.ssl with its ca, or with "
            "rejectUnauthorized: false, and a URL without sslmode.";
  throw base::Error(base::ErrorType::unavailable, text);
}

} // namespace db
