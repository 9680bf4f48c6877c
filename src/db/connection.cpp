#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/strings.hpp"
#include "db/connection_impl.hpp"
#include "db/messages_impl.hpp"
#include "db/planning.hpp"
#include <boost/asio/post.hpp>
#include <charconv>
#include <cstring>
#include <random>

namespace db {
namespace {

// Beyond these a statement is sent unnamed: each one holds memory in the server's process.
constexpr std::size_t kMostPrepared = 500;

// For the rest of the transaction, which for most reads is the batch.
const Statement plan_each_time_statement("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)");

// Of this process alone: where a pooler mixes sessions, a name of another process must never stand for another statement.
struct Name {
  char text[32];
  explicit Name(std::uint32_t id) {
    static const std::uint32_t process = std::random_device()();
    std::snprintf(text, sizeof text, "s%u_%08x", id, process);
  }
};

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text ? text : "";
}

// PostgreSQL says in its context which parameter it could not read: "unnamed portal parameter $1 = '...'".
std::string refused_field(const PGresult* result, std::string_view sql) {
  const std::string context = field(result, PG_DIAG_CONTEXT);
  constexpr std::string_view words = " parameter $";
  const auto at = context.find(words);
  if (at == std::string::npos) return {};
  std::size_t number = 0;
  const char* digits = context.data() + at + words.size();
  std::from_chars(digits, context.data() + context.size(), number);
  return field_of(sql, number);
}

DatabaseError error_of(const PGresult* result, std::string_view sql) {
  Failure failure{.sqlstate = field(result, PG_DIAG_SQLSTATE),
                  .message = field(result, PG_DIAG_MESSAGE_PRIMARY),
                  .detail = field(result, PG_DIAG_MESSAGE_DETAIL),
                  .table = field(result, PG_DIAG_TABLE_NAME),
                  .column = field(result, PG_DIAG_COLUMN_NAME),
                  .constraint = field(result, PG_DIAG_CONSTRAINT_NAME),
                  .field = refused_field(result, sql)};
  // Made by libpq itself, without fields: the connection is gone.
  if (failure.sqlstate.empty()) return unavailable(base::trim(PQresultErrorMessage(result)));
  return error_from(std::move(failure));
}

base::metrics::Counter statements({"stheno_database_statements_total",
                                   "SQL statements sent to PostgreSQL, BEGIN and COMMIT among them."});

} // namespace

std::uint64_t statements_sent() noexcept {
  const std::uint64_t* tally = base::fiber_tally();
  return tally ? *tally : 0;
}

Connection::Connection(boost::asio::io_context& loop, Handle handle, const Options& options)
    : loop_(loop), socket_(loop), handle_(std::move(handle)), logging_(options.logging),
      logs_(logging_.query || logging_.error), pooler_(options.pooler), per_transaction_(pooler_->per_transaction()),
      plans_once_(!per_transaction_ && can_plan_once(handle_.get())) {}

Connection::~Connection() { close(); }

void Connection::start(std::function<void()> broken) {
  broken_ = std::move(broken);
  PQsetnonblocking(handle_.get(), 1);
  PQenterPipelineMode(handle_.get());
  socket_.assign(PQsocket(handle_.get()));
  wait_readable();
}

void Connection::close() {
  if (!handle_) return;
  if (socket_.is_open()) socket_.release(); // libpq closes it
  handle_.reset();
  // What a function owns dies with it; fibers outlive no database that they wait for.
  for (InFlight* batch : std::exchange(queue_, {})) auto then = std::move(batch->then);
}

void Connection::retire() {
  retired_ = true;
  if (queue_.empty()) close();
}

void Connection::run(InFlight& batch) {
  batch.waiter = base::current_fiber();
  if (!batch.waiter) throw std::logic_error("the database was asked from outside of a fiber");
  submit(batch);
  while (!batch.finished) base::suspend_fiber();
}

void Connection::submit(InFlight& batch) {
  last_use_ = std::chrono::steady_clock::now();
  batch.started = last_use_;
  queue_.push_back(&batch);
  // Never resumed from here: the fiber has yet to suspend.
  if (!alive() || !send(batch)) return fail_soon();
  flush();
}

bool Connection::send(InFlight& batch) {
  using Kind = InFlight::Step::Kind;
  batch.steps.reserve(batch.queries.size() + 4);
  batch.results.reserve(batch.queries.size());
  if (batch.before && !send(batch, *batch.before, Kind::control, nullptr)) return false;
  if (batch.settings && !send(batch, batch.settings->statement, Kind::settings, &batch.settings->params)) return false;
  bool plans_once = plans_once_;
  for (const auto& query : batch.queries) {
    if (plans_once && is_planned_each_time(query.statement.sql())) {
      plans_once = false;
      if (!send(batch, plan_each_time_statement, Kind::settings, nullptr)) return false;
    }
    if (!send(batch, query.statement, Kind::query, &query.params)) return false;
  }
  if (batch.after && !send(batch, *batch.after, Kind::control, nullptr)) return false;
  return PQpipelineSync(handle_.get()) == 1;
}

bool Connection::send(InFlight& batch, const Statement& statement, InFlight::Step::Kind kind, const Params* params) {
  constexpr std::size_t kUsual = 32;
  const char* few[kUsual];
  std::vector<const char*> many;
  const char** values = few;
  int count = 0;
  if (params) {
    if (params->values().size() > kUsual) {
      many.resize(params->values().size());
      values = many.data();
    }
    for (const auto& value : params->values()) values[count++] = value ? value->c_str() : nullptr;
  }
  // Batches are submitted by the fiber they work for.
  if (kind != InFlight::Step::Kind::settings) {
    statements.add();
    if (std::uint64_t* tally = base::fiber_tally()) ++*tally;
  }
  if (statement.id() != 0 && !batch.unnamed && !per_transaction_ &&
      (prepared_.contains(statement.id()) || prepared_.size() < kMostPrepared)) {
    Name name(statement.id());
    if (prepared_.emplace(statement.id(), false).second) {
      batch.steps.push_back({InFlight::Step::Kind::prepare, &statement});
      if (!PQsendPrepare(handle_.get(), name.text, statement.sql().c_str(), 0, nullptr)) return false;
    }
    batch.steps.push_back({kind, &statement, params});
    return PQsendQueryPrepared(handle_.get(), name.text, count, values, nullptr, nullptr, 0) == 1;
  }
  batch.steps.push_back({kind, &statement, params});
  return PQsendQueryParams(handle_.get(), statement.sql().c_str(), count, nullptr, values, nullptr, nullptr, 0) == 1;
}

void Connection::flush() {
  int more = PQflush(handle_.get());
  if (more < 0) return fail_soon();
  if (more == 0 || writing_) return;
  writing_ = true;
  socket_.async_wait(socket_.wait_write, [self = shared_from_this()](boost::system::error_code error) {
    self->writing_ = false;
    if (!error && self->alive()) self->flush();
  });
}

// Always armed, so that a connection that the server closes while idle leaves the pool at once.
void Connection::wait_readable() {
  socket_.async_wait(socket_.wait_read, [self = shared_from_this()](boost::system::error_code error) {
    if (!error && self->alive()) self->on_readable();
  });
}

void Connection::on_readable() {
  bool open = PQconsumeInput(handle_.get()) == 1;
  std::vector<InFlight*> finished;
  drain(finished);
  PGnotify* notification;
  while ((notification = PQnotifies(handle_.get()))) PQfreemem(notification);
  if (retired_ && queue_.empty())
    close();
  else if (open && PQstatus(handle_.get()) == CONNECTION_OK)
    wait_readable();
  else
    fail_soon();
  finish(finished);
}

void Connection::drain(std::vector<InFlight*>& finished) {
  // libpq says "no result" once after each statement; twice in a row means that nothing more has arrived.
  int empty = 0;
  while (!queue_.empty() && empty < 2 && !PQisBusy(handle_.get())) {
    PGresult* result = PQgetResult(handle_.get());
    if (!result) {
      ++empty;
      continue;
    }
    empty = 0;
    InFlight& batch = *queue_.front();
    if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
      PQclear(result);
      queue_.pop_front();
      finished.push_back(&batch);
    } else {
      take(batch, result);
    }
  }
}

void Connection::take(InFlight& batch, PGresult* result) {
  using Kind = InFlight::Step::Kind;
  Result owned(result);
  auto status = PQresultStatus(result);
  bool good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY;
  if (batch.step >= batch.steps.size()) {
    // An error that belongs to no statement: the server ends the connection.
    if (!good && !batch.failure) batch.failure = error_of(result, {});
    return;
  }
  auto step = batch.steps[batch.step++];
  if (good) {
    if (step.kind == Kind::prepare) prepared_[step.statement->id()] = true;
    if (logs_ && step.kind != Kind::prepare && step.kind != Kind::settings) log(batch, step, nullptr);
    if (step.kind == Kind::query) batch.results.push_back(std::move(owned));
    // COMMIT of a transaction that had failed says ROLLBACK.
    if (step.kind == Kind::control && step.statement == batch.after && !batch.failure &&
        step.statement->sql() == "COMMIT" && std::strcmp(PQcmdStatus(result), "COMMIT") != 0)
      batch.failure = error_from({.sqlstate = "40000", .message = "the transaction was rolled back"});
    return;
  }
  if (status != PGRES_PIPELINE_ABORTED && !batch.failure) {
    batch.failure = error_of(result, step.statement->sql());
    look_for_pooler(step, batch.failure->failure.sqlstate);
    refused(batch, step);
  }
  if (step.kind == Kind::prepare) prepared_.erase(step.statement->id());
}

// A name that was prepared here and is gone, or one that was not and is there: the session is another one.
void Connection::look_for_pooler(const InFlight::Step& step, const std::string& sqlstate) {
  const auto found = prepared_.find(step.statement->id());
  const bool sent = found != prepared_.end();
  const bool gone = sqlstate == "26000" && sent && found->second;
  const bool there = sqlstate == "42P05" && step.kind == InFlight::Step::Kind::prepare;
  if ((gone || there) && pooler_->loses_sessions())
    base::log_warn("A pooler gives each transaction another session of PostgreSQL: from here on nothing depends on a "
                   "session. STHENO_POOLER=transaction says so from the start");
  if (sqlstate == "26000" && sent) prepared_.erase(found);
}

void Connection::refused(const InFlight& batch, const InFlight::Step& step) {
  const auto& failure = batch.failure->failure;
  if (logs_) log(batch, step, &failure);
  if (batch.failure->code == "stale_plan") stale_ = true;
  if (batch.failure->type == base::ErrorType::unknown_error)
    base::log_error("PostgreSQL refused a statement",
                    {{"sqlstate", failure.sqlstate}, {"reason", failure.message}, {"sql", step.statement->sql()}});
}

// A statement of a pipeline begins when the one before it has ended.
void Connection::log(const InFlight& batch, const InFlight::Step& step, const Failure* failure) {
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::duration<double, std::milli> took = now - std::max(batch.started, last_result_);
  last_result_ = now;
  log_statement(logging_, step.statement->sql(), step.params, took.count(), failure);
}

void Connection::finish(std::vector<InFlight*>& finished) {
  for (InFlight* batch : finished) batch->finished = true;
  // From here on a resumed fiber may end and take its batch with it; each is looked at once.
  for (InFlight* batch : finished) {
    if (batch->waiter) {
      base::resume_fiber(batch->waiter);
    } else if (batch->then) {
      auto then = std::move(batch->then);
      then();
    }
  }
}

void Connection::fail_soon() {
  if (std::exchange(failed_, true) && queue_.empty()) return;
  boost::asio::post(loop_, [self = shared_from_this()] { self->fail(); });
}

void Connection::fail() {
  auto lost = std::exchange(queue_, {});
  std::string reason = handle_ ? std::string(base::trim(PQerrorMessage(handle_.get()))) : std::string();
  close();
  std::vector<InFlight*> finished(lost.begin(), lost.end());
  for (InFlight* batch : finished) {
    batch->lost = true;
    if (!batch->failure) batch->failure = unavailable(reason);
  }
  if (auto broken = std::exchange(broken_, nullptr)) broken();
  finish(finished);
}

} // namespace db
