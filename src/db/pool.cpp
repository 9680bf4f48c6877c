#include "db/pool.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "db/address_impl.hpp"
#include "db/connection_impl.hpp"
#include "db/kept_rows.hpp"
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <exception>

namespace db {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using ConnectionPtr = std::shared_ptr<Connection>;

// A fiber that waits for a connection.
struct Waiter {
  base::Fiber* fiber = nullptr;
  ConnectionPtr connection; // null when woken in vain
  bool woken = false;
};
using WaiterPtr = std::shared_ptr<Waiter>;

// Connections of one kind: opened one after another as they are needed, up to a limit, replaced when they break,
// and queued for in the order of asking. Those that a pooler gives another session for each transaction are nobody's but
// his who has one batch, or one transaction, under way, also where the use is shared.
enum class Use { shared, exclusive };

// By use.
std::vector<std::string> use_labels() {
  return {base::metrics::label("use", "shared"), base::metrics::label("use", "exclusive")};
}
base::metrics::Level open_connections({"stheno_database_connections",
                                       "Connections to PostgreSQL: shared by reads, or exclusive to a transaction."},
                                      use_labels());
base::metrics::Level waiting_fibers({"stheno_database_waiting", "Requests and jobs that wait for a connection."},
                                    use_labels());
base::metrics::Counter
    vain_waits({"stheno_database_waits_in_vain_total",
                "Waits for a connection that ended without one; most such requests are answered 503."},
               use_labels());

// How many there may be at most: with sessions of our own, and behind a pooler, where a shared one does less.
struct Limits {
  int most, most_pooled;
};

class Lane {
 public:
  Lane(boost::asio::io_context& loop, const Options& options, Use use, Limits limits)
      : loop_(loop), options_(options), connector_(loop, options), retry_(loop), idle_(loop), away_(loop), use_(use),
        limits_(limits) {}
  ~Lane() {
    open_connections.fall(row(), all_.size());
    for (auto& connection : all_) connection->close();
  }

  // For one batch in autocommit, until done_with().
  ConnectionPtr for_a_batch() {
    if (!options_.pooler->per_transaction()) return least_loaded();
    drop_stale();
    return take();
  }
  void done_with(ConnectionPtr connection) {
    if (connection->per_transaction()) release(std::move(connection));
  }

  // One for this fiber alone, until release().
  ConnectionPtr take() {
    while (!free_.empty()) {
      auto connection = std::move(free_.back());
      free_.pop_back();
      if (!connection->alive()) continue;
      if (!connection->stale()) return connection;
      discard(connection);
    }
    return wait();
  }

  void release(ConnectionPtr connection) {
    if (!connection->alive() || connection->stale()) {
      discard(connection);
      if (!waiters_.empty()) open_another();
      return;
    }
    give(std::move(connection));
  }

 private:
  std::size_t row() const { return static_cast<std::size_t>(use_); } // among the figures

  // The least loaded of all; any number of fibers use it at once.
  ConnectionPtr least_loaded() {
    ConnectionPtr best;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      auto& candidate = all_[(turn_ + i) % all_.size()];
      if (candidate->alive() && !candidate->stale() && (!best || candidate->load() < best->load())) best = candidate;
    }
    ++turn_;
    drop_stale();
    if (!best) return wait();
    if (best->load() > 0) open_another();
    return best;
  }

  // Looks from time to time for connections that nobody has used; the last one stays.
  void watch_idle() {
    if (watching_ || options_.idle.count() == 0 || all_.size() < 2) return;
    watching_ = true;
    idle_.expires_after(options_.idle);
    idle_.async_wait([this](boost::system::error_code error) {
      if (error) return;
      watching_ = false;
      const auto since = Clock::now() - options_.idle;
      for (std::size_t i = all_.size(); i-- > 0 && all_.size() > 1;) {
        auto connection = all_[i];
        const bool unused =
            !is_exclusive(*connection) || std::find(free_.begin(), free_.end(), connection) != free_.end();
        if (unused && connection->load() == 0 && connection->last_use() <= since) discard(connection);
      }
      watch_idle();
    });
  }

  bool is_exclusive(const Connection& connection) const {
    return use_ == Use::exclusive || connection.per_transaction();
  }

  void give(ConnectionPtr connection) {
    if (!is_exclusive(*connection)) {
      for (auto& waiter : std::exchange(waiters_, {})) wake(waiter, connection);
    } else if (waiters_.empty()) {
      free_.push_back(std::move(connection));
    } else {
      auto waiter = std::move(waiters_.front());
      waiters_.pop_front();
      wake(waiter, std::move(connection));
    }
  }

  void wake(const WaiterPtr& waiter, ConnectionPtr connection) {
    waiter->woken = true;
    waiter->connection = std::move(connection);
    boost::asio::post(loop_, [waiter] { base::resume_fiber(waiter->fiber); });
  }

  ConnectionPtr wait() {
    // A server that is away is not waited for as long as one that is slow to let in; and away for longer than anyone would
    // wait, the client hears so at once, while the next attempt goes on.
    const bool away = all_.empty() && options_.outage->lasts();
    const auto longest = away ? while_away() : options_.patience;
    open_another();
    if (away && options_.outage->longer_than(longest)) {
      vain_waits.add(row());
      throw unavailable(reason_);
    }
    auto waiter = std::make_shared<Waiter>();
    waiter->fiber = base::current_fiber();
    if (!waiter->fiber) throw std::logic_error("the database was asked from outside of a fiber");
    waiters_.push_back(waiter);
    waiting_fibers.rise(row());
    boost::asio::steady_timer patience(loop_, longest);
    patience.async_wait([this, waiter](boost::system::error_code error) {
      if (error || waiter->woken) return;
      std::erase(waiters_, waiter);
      wake(waiter, nullptr);
    });
    while (!waiter->woken) base::suspend_fiber();
    waiting_fibers.fall(row());
    if (!waiter->connection) vain_waits.add(row());
    if (!waiter->connection)
      throw unavailable(!all_.empty()              ? "all connections were busy for too long; see database_extra.max"
                        : options_.outage->lasts() ? reason_
                                                   : "no connection within " + std::to_string(longest.count()) + " ms");
    return std::move(waiter->connection);
  }

  void open_another() {
    const int most = options_.pooler->per_transaction() ? limits_.most_pooled : limits_.most;
    if (opening_ || static_cast<int>(all_.size()) >= most) return;
    opening_ = true;
    connector_.connect([this](Attempt attempt) { opened(std::move(attempt)); });
  }

  void opened(Attempt attempt) {
    if (!attempt.connection) {
      reason_ = attempt.reason;
      if (options_.outage->begins()) base::log_error("No connection to PostgreSQL", {{"reason", reason_}});
      if (all_.empty() && !counting_) count_away();
      // Others still work, or someone still waits: try again soon. `opening_` stays on until then.
      retry_.expires_after(std::min(milliseconds(50) * (1 << std::min(failures_++, 5)), milliseconds(1000)));
      retry_.async_wait([this](boost::system::error_code error) {
        if (error) return;
        opening_ = false;
        if (!waiters_.empty()) open_another();
      });
      return;
    }
    opening_ = false;
    if (options_.outage->ends()) base::log_info("PostgreSQL is back");
    failures_ = 0;
    counting_ = false;
    away_.cancel();
    auto connection = std::make_shared<Connection>(loop_, std::move(attempt.connection), options_);
    all_.push_back(connection);
    open_connections.rise(row());
    connection->start([this, weak = std::weak_ptr(connection)] {
      if (auto broken = weak.lock()) discard(broken);
    });
    give(connection);
    if (!waiters_.empty()) open_another();
    watch_idle();
  }

  void discard(const ConnectionPtr& connection) {
    std::erase(free_, connection);
    open_connections.fall(row(), std::erase(all_, connection));
    connection->retire();
    if (all_.empty() && !waiters_.empty()) lost_all();
  }

  // Those who wait for a connection to be released wait for nothing any more: from here on they are patient as those who
  // come while there is none.
  void lost_all() {
    open_another();
    count_away();
  }

  milliseconds while_away() const { return std::min(options_.patience, options_.patience_while_away); }

  void count_away() {
    counting_ = true;
    away_.expires_after(while_away());
    away_.async_wait([this](boost::system::error_code error) {
      if (error) return;
      counting_ = false;
      if (!all_.empty()) return;
      for (auto& waiter : std::exchange(waiters_, {})) wake(waiter, nullptr);
    });
  }

  // Of shared ones. Sessions that a pooler takes away are of no use to anybody who comes now; others are left when the last
  // one has gone, so that there are never too many.
  void drop_stale() {
    for (std::size_t i = all_.size(); i-- > 0;)
      if (!is_exclusive(*all_[i]) && all_[i]->stale() && (all_[i]->load() == 0 || options_.pooler->per_transaction())) {
        auto connection = all_[i];
        discard(connection);
      }
  }

  boost::asio::io_context& loop_;
  const Options& options_;
  Connector connector_;
  boost::asio::steady_timer retry_, idle_, away_;
  std::vector<ConnectionPtr> all_, free_;
  std::deque<WaiterPtr> waiters_;
  std::string reason_ = "no connection could be made"; // of the last attempt
  std::size_t turn_ = 0;
  Use use_;
  Limits limits_;
  int failures_ = 0;
  bool opening_ = false, watching_ = false;
  bool counting_ = false; // until those who wait hear that there is nobody
};

void check(const std::vector<Command>& queries) {
  constexpr std::size_t kMostParameters = 65535; // the protocol counts them in 16 bits
  for (const auto& query : queries) {
    if (query.params.values().size() > kMostParameters)
      throw std::logic_error("a statement with more than 65535 parameters: " + query.statement.sql());
    for (const auto& value : query.params.values())
      if (value && value->find('\0') != std::string::npos)
        throw error_from({.sqlstate = "22021",
                          .message = "a zero byte in a parameter",
                          .field = field_of(query.statement.sql(),
                                            static_cast<std::size_t>(&value - query.params.values().data()) + 1)});
  }
}

// A statement that a neighbour's failure left unprepared, one made stale by a change of the schema, or one that a pooler
// left in another session: nothing of the batch holds, so it can be sent again, whole.
bool can_be_sent_again(const InFlight& batch) { return !batch.lost && batch.failure->lost_names(); }

class SharedSession final : public Session {
 public:
  SharedSession(Lane& lane, const Command& settings, KeptRows* kept) : lane_(lane), settings_(settings), kept_(kept) {}
  bool in_transaction() const override { return false; }
  KeptRows* kept_rows() override { return kept_; }
  std::vector<Result> batch(std::vector<Command> queries) override {
    if (queries.empty()) return {};
    check(queries);
    for (bool again = false;; again = true) {
      auto connection = lane_.for_a_batch();
      InFlight batch;
      if (connection->per_transaction()) batch.settings = &settings_;
      batch.queries = queries;
      batch.unnamed = again;
      connection->run(batch);
      lane_.done_with(std::move(connection));
      if (!batch.failure) {
        if (kept_ && changes(*kept_, queries)) forget_confirmation();
        return std::move(batch.results);
      }
      if (again || !can_be_sent_again(batch)) throw std::move(*batch.failure);
    }
  }

 private:
  Lane& lane_;
  const Command& settings_;
  KeptRows* kept_;
};

const Statement& begin_statement(Isolation isolation) {
  static const Statement read_committed("BEGIN");
  static const Statement repeatable_read("BEGIN ISOLATION LEVEL REPEATABLE READ");
  static const Statement serializable("BEGIN ISOLATION LEVEL SERIALIZABLE");
  switch (isolation) {
  case Isolation::repeatable_read: return repeatable_read;
  case Isolation::serializable: return serializable;
  case Isolation::read_committed: break;
  }
  return read_committed;
}
const Statement& commit_statement() {
  static const Statement statement("COMMIT");
  return statement;
}
const Statement& rollback_statement() {
  static const Statement statement("ROLLBACK");
  return statement;
}

class PooledTransaction final : public Transaction {
 public:
  PooledTransaction(Lane& lane, Isolation isolation, const Command& settings, KeptRows* kept)
      : lane_(lane), isolation_(isolation), settings_(settings),
        kept_(isolation == Isolation::read_committed ? kept : nullptr) {}
  ~PooledTransaction() override { abandon(); }

  KeptRows* kept_rows() override { return changed_kept_rows_ ? nullptr : kept_; }

  std::vector<Result> batch(std::vector<Command> queries) override {
    if (queries.empty()) return {};
    return send(std::move(queries), nullptr);
  }

  void queue(Command query) override {
    queue_.push_back(std::move(query));
    look_at(queue_);
  }

  void attempt(const std::function<void()>& work) override {
    const auto queued = queue_.size(), sent = sent_;
    const std::string name = "step_" + std::to_string(++depth_);
    queue_.emplace_back(Statement::once("SAVEPOINT " + name));
    try {
      work();
      depth_--;
    } catch (...) {
      depth_--;
      if (ended_) throw;
      if (sent_ == sent) {
        queue_.erase(queue_.begin() + static_cast<std::ptrdiff_t>(queued), queue_.end());
      } else {
        queue_.clear();
        queue_.emplace_back(Statement::once("ROLLBACK TO SAVEPOINT " + name));
        failed_ = false;
      }
      throw;
    }
  }

  std::vector<Result> commit(std::vector<Command> last) override {
    if (last.empty() && queue_.empty() && !connection_ && !ended_) {
      ended_ = true;
      return {};
    }
    auto results = send(std::move(last), &commit_statement());
    ended_ = true;
    if (changed_kept_rows_) forget_confirmation();
    lane_.release(std::exchange(connection_, nullptr));
    return results;
  }

  // When it returns, the locks are gone.
  void rollback() override {
    ended_ = true;
    queue_.clear();
    if (!connection_) return;
    InFlight batch;
    batch.after = &rollback_statement();
    connection_->run(batch);
    lane_.release(std::exchange(connection_, nullptr));
  }

 private:
  void look_at(const std::vector<Command>& commands) {
    changed_kept_rows_ = changed_kept_rows_ || (kept_ && changes(*kept_, commands));
  }

  // Sends ROLLBACK and waits for nothing: the connection goes back to its lane when the answer has come.
  void abandon() {
    ended_ = true;
    if (!connection_) return;
    auto batch = std::make_shared<InFlight>();
    auto connection = std::exchange(connection_, nullptr);
    batch->after = &rollback_statement();
    batch->then = [batch, connection, &lane = lane_] { lane.release(connection); };
    connection->submit(*batch);
  }

  // Sends what is queued, then the queries; returns the results of the queries.
  std::vector<Result> send(std::vector<Command> queries, const Statement* after) {
    if (ended_) throw std::logic_error("a statement after the end of its transaction");
    if (failed_) throw std::logic_error("a statement after one that failed, in the same attempt");
    look_at(queries);
    const auto queued = queue_.size();
    if (queued) {
      auto all = std::exchange(queue_, {});
      std::move(queries.begin(), queries.end(), std::back_inserter(all));
      queries = std::move(all);
    }
    check(queries);
    const bool first = !connection_;
    for (bool again = false;; again = true) {
      InFlight batch;
      if (first) {
        connection_ = lane_.take();
        batch.before = &begin_statement(isolation_);
        if (connection_->per_transaction()) batch.settings = &settings_;
      }
      batch.queries = queries;
      batch.after = after;
      batch.unnamed = again;
      sent_++;
      connection_->run(batch);
      if (!batch.failure) {
        batch.results.erase(batch.results.begin(), batch.results.begin() + static_cast<std::ptrdiff_t>(queued));
        return std::move(batch.results);
      }
      const bool again_whole = first && !again && can_be_sent_again(batch);
      // Inside of an attempt a savepoint stands, to which it can go back.
      failed_ = depth_ > 0 && !batch.lost && !after && !again_whole;
      if (!failed_) abandon();
      if (!again_whole) throw std::move(*batch.failure);
      ended_ = false;
    }
  }

  Lane& lane_;
  Isolation isolation_;
  const Command& settings_;
  KeptRows* kept_;                 // null: an older snapshot shows other rows than those
  bool changed_kept_rows_ = false; // some of them, which nobody else sees yet
  ConnectionPtr connection_;       // from the first statement to the end
  std::vector<Command> queue_;
  std::size_t sent_ = 0; // batches
  int depth_ = 0;        // of attempts
  bool ended_ = false, failed_ = false;
};

// What each transaction brings with it where no session keeps it.
Command settings_query(const Options& options) {
  Settings settings;
  try {
    Address address = address_of(options);
    take_options_apart(address);
    settings = settings_of(options, address);
  } catch (const base::Error&) { // connecting fails for the same reason
  }
  Params params;
  for (const auto& [name, value] : settings) params.add(name).add(value);
  return {Statement::once(setting_sql("SELECT ", settings.size(), Scope::transaction)), std::move(params)};
}

// Behind a pooler a shared connection does one batch at a time, so more of all are shared.
int shared_where_pooled(const Options& options) {
  const int all = options.shared_connections + options.exclusive_connections;
  return std::max(options.shared_connections, all * 2 / 5);
}

class PooledDatabase final : public Database {
 public:
  PooledDatabase(boost::asio::io_context& loop, const Options& options)
      : options_(options), settings_(settings_query(options)),
        shared_lane_(loop, options_, Use::shared, {options.shared_connections, shared_where_pooled(options)}),
        exclusive_lane_(
            loop, options_, Use::exclusive,
            {options.exclusive_connections,
             std::max(options.shared_connections + options.exclusive_connections - shared_where_pooled(options), 1)}),
        shared_(shared_lane_, settings_, options_.kept_rows.get()) {}
  Session& shared() override { return shared_; }
  std::unique_ptr<Transaction> begin(Isolation isolation) override {
    return std::make_unique<PooledTransaction>(exclusive_lane_, isolation, settings_, options_.kept_rows.get());
  }

 private:
  Options options_;
  const Command settings_;
  Lane shared_lane_, exclusive_lane_;
  SharedSession shared_;
};

} // namespace

std::unique_ptr<Database> open(boost::asio::io_context& loop, const Options& options) {
  return std::make_unique<PooledDatabase>(loop, options);
}

void run_blocking(const Options& options, const std::function<void(Database&)>& work) {
  probe(options);
  boost::asio::io_context loop(1);
  std::exception_ptr failure;
  {
    auto database = open(loop, options);
    boost::asio::post(loop, [&] {
      base::spawn_fiber([&] {
        try {
          work(*database);
        } catch (...) {
          failure = std::current_exception();
        }
        loop.stop();
      });
    });
    loop.run();
  }
  if (failure) std::rethrow_exception(failure);
}

} // namespace db
