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
using Reply = std::unique_ptr<PGresult, decltype(&PQclear)>;

// Until the descriptor is ready; false when time is up or nothing can be waited for.
bool wait_for(int socket, short event, Clock::time_point deadline) {
  for (;;) {
    pollfd ready{socket, event, 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    const int polled = ::poll(&ready, 1, static_cast<int>(left));
    if (polled < 0 && errno == EINTR) continue;
    return polled > 0;
  }
}

// Until the connection is ready or refused, or time is up.
bool wait_connected(PGconn* connection, Clock::time_point deadline) {
  PostgresPollingStatusType wanted = PGRES_POLLING_WRITING;
  while (wanted != PGRES_POLLING_OK && wanted != PGRES_POLLING_FAILED) {
    if (!wait_for(PQsocket(connection), wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline)) return false;
    wanted = PQconnectPoll(connection);
  }
  return true;
}

// The statement's result, which may be a refusal; null when time is up: a pooler may have no session to spare. The
// connection is of no use then.
Reply ask(PGconn* connection, const char* sql, const std::vector<const char*>& values, Clock::time_point deadline) {
  Reply reply(nullptr, PQclear);
  if (!PQsendQueryParams(connection, sql, static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0))
    return Reply(PQmakeEmptyPGresult(connection, PGRES_FATAL_ERROR), PQclear);
  for (;;) {
    while (PQisBusy(connection)) {
      if (!wait_for(PQsocket(connection), POLLIN, deadline)) return {nullptr, PQclear};
      if (!PQconsumeInput(connection)) break;
    }
    PGresult* next = PQgetResult(connection);
    if (!next) return reply;
    reply.reset(next);
  }
}
Reply ask(PGconn* connection, const char* sql, Clock::time_point deadline) {
  return ask(connection, sql, {}, deadline);
}

bool good(const Reply& reply) {
  const auto status = PQresultStatus(reply.get());
  return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
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

Attempt late(const Address& address) {
  return {nullptr, "no answer within " + std::to_string(address.patience.count()) + " ms", {}};
}

// A connection without any settings.
Attempt connect_plainly(const Address& address, const Options& options, Clock::time_point deadline) {
  std::vector<const char*> names, values;
  for (const auto& [name, value] : address.keywords) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  Handle connection(PQconnectStartParams(names.data(), values.data(), 0));
  if (!connection) return {nullptr, "out of memory", {}};
  PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  if (PQstatus(connection.get()) != CONNECTION_BAD && !wait_connected(connection.get(), deadline)) return late(address);
  if (PQstatus(connection.get()) != CONNECTION_OK) return refusal(connection.get());
  PQsetErrorVerbosity(connection.get(), PQERRORS_DEFAULT);
  log_notices(connection.get(), options.logging);
  return {std::move(connection), {}, {}};
}

// The process that has the session, or "" where it can't be told.
std::string session_of(PGconn* connection, Clock::time_point deadline) {
  const Reply reply = ask(connection, "SELECT pg_backend_pid()", deadline);
  return good(reply) ? PQgetvalue(reply.get(), 0, 0) : "";
}

// A pooler hands out keys of its own for canceling, so the process they name is not the one that works.
bool is_pooled(PGconn* connection, const std::string& session) {
  return session != std::to_string(PQbackendPID(connection));
}

// Whether a pooler takes this connection's session away between transactions. Another connection that keeps a transaction
// open gets the session, or drives this one to another; two looks in a row see a pooler that hands sessions out in turn.
// What can't be told counts as taken away: that is right with any pooler.
Pooling kind_of_pooler(PGconn* connection, const Address& address, const Options& options, const std::string& session) {
  static constexpr auto kPatience = std::chrono::seconds(2);
  constexpr int kLooks = 4;
  const auto soon = [] { return Clock::now() + kPatience; };
  const Attempt other = connect_plainly(address, options, soon());
  if (!other.connection) return Pooling::transaction;
  for (int look = 0; look < kLooks; ++look) {
    if (session_of(connection, soon()) != session) return Pooling::transaction;
    if (!good(ask(other.connection.get(), "BEGIN", soon()))) return Pooling::transaction;
    if (session_of(other.connection.get(), soon()) == session) return Pooling::transaction;
    if (session_of(connection, soon()) != session) return Pooling::transaction;
    if (!good(ask(other.connection.get(), "COMMIT", soon()))) return Pooling::transaction;
  }
  return Pooling::session;
}

// "SELECT pg_backend_pid(), set_config($1, $2, false) ..."
Reply apply(PGconn* connection, const Settings& settings, Clock::time_point deadline) {
  std::vector<const char*> values;
  for (const auto& [name, value] : settings) {
    values.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  return ask(connection, setting_sql("SELECT pg_backend_pid()", settings.size(), Scope::session).c_str(), values,
             deadline);
}

// Those that only a session can keep come first, so that the URL's own win.
Settings session_settings(PGconn* connection, const Options& options, const Address& address) {
  Settings settings = settings_of(options, address);
  if (can_plan_once(connection)) settings.insert(settings.begin(), {"plan_cache_mode", "force_generic_plan"});
  return settings;
}

bool refuses_options(const Attempt& attempt) {
  return attempt.reason.find("unsupported startup parameter") != std::string::npos &&
         attempt.reason.find("options") != std::string::npos;
}
} // namespace

bool can_plan_once(PGconn* connection) { return PQserverVersion(connection) >= 120'000; }

std::string setting_sql(std::string sql, std::size_t count, Scope scope) {
  for (std::size_t i = 0; i < count; ++i) {
    if (sql.back() != ' ') sql += ", ";
    sql += "set_config($" + std::to_string(2 * i + 1) + ", $" + std::to_string(2 * i + 2) +
           (scope == Scope::session ? ", false)" : ", true)");
  }
  return sql;
}

Attempt connect(const Options& options) {
  std::optional<Address> address;
  try {
    address = address_of(options);
  } catch (const base::Error& error) {
    return {nullptr, error.what(), {}};
  }
  Pooler& pooler = *options.pooler;
  const auto deadline = Clock::now() + address->patience;
  const auto known = [&](Pooling pooling) { return pooling == Pooling::session || pooling == Pooling::transaction; };
  if (known(pooler.pooling())) take_options_apart(*address);
  Attempt attempt = connect_plainly(*address, options, deadline);
  if (!attempt.connection && refuses_options(attempt)) {
    take_options_apart(*address);
    if (!address->find("options")) attempt = connect_plainly(*address, options, deadline);
  }
  if (!attempt.connection) return attempt;
  PGconn* connection = attempt.connection.get();

  if (pooler.pooling() == Pooling::unknown) {
    const std::string session = session_of(connection, deadline);
    if (session.empty()) return PQstatus(connection) == CONNECTION_OK ? late(*address) : refusal(connection);
    pooler.found(is_pooled(connection, session) ? kind_of_pooler(connection, *address, options, session)
                                                : Pooling::none);
    if (known(pooler.pooling())) take_options_apart(*address);
  }
  if (pooler.per_transaction()) return attempt;
  const Reply reply = apply(connection, session_settings(connection, options, *address), deadline);
  if (!reply) return late(*address);
  if (!good(reply)) return refusal(connection);
  // A pooler has come in between since somebody looked.
  if (pooler.asks() && pooler.pooling() == Pooling::none && is_pooled(connection, PQgetvalue(reply.get(), 0, 0)))
    pooler.found(kind_of_pooler(connection, *address, options, PQgetvalue(reply.get(), 0, 0)));
  return attempt;
}

struct Connector::Shared {
  std::mutex mutex;
  boost::asio::io_context* loop; // null once the connector is gone
  Options options;
};

Connector::Connector(boost::asio::io_context& loop, Options options) : shared_(std::make_shared<Shared>()) {
  shared_->loop = &loop;
  shared_->options = std::move(options);
}

Connector::~Connector() {
  std::lock_guard lock(shared_->mutex);
  shared_->loop = nullptr;
}

void Connector::connect(std::function<void(Attempt)> then) {
  std::thread([shared = shared_, then = std::move(then)]() mutable {
    Attempt attempt = db::connect(shared->options);
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
  // PgBouncer has its own words, and one SQLSTATE for all.
  if (attempt.sqlstate == "3D000" || (says("database \"") && says("\" does not exist")))
    text = "The specified PostgreSQL database does not exist. Please create it and try again.\n" + text;
  else if (attempt.sqlstate == "28000" || says("no such user"))
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
  else if (says("unsupported startup parameter"))
    text += "\nA pooler stands before PostgreSQL that passes this setting on for nobody: take it out of database_url, "
            "database_extra and the PG variables, or name it in the pooler's ignore_startup_parameters.";
  throw base::Error(base::ErrorType::unavailable, text);
}

} // namespace db
