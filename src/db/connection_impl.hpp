// One PostgreSQL connection in pipeline mode on an event loop: batches go in, results come out in order.
// Internal to db. Owns: the libpq connection, the set of statements prepared on it, the batches under way (their
// memory belongs to the fibers that wait). Used on its loop's thread only.
#pragma once
#include "base/fiber.hpp"
#include "db/connector_impl.hpp"
#include "db/errors.hpp"
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <span>
#include <unordered_map>

namespace db {

// Statements sent together, ended by one Sync. Control statements (BEGIN, COMMIT, ROLLBACK) give no result.
struct InFlight {
  const Command* settings = nullptr; // of this transaction only; behind `before`, and counted nowhere
  const Statement* before = nullptr;
  std::span<const Command> queries;
  const Statement* after = nullptr;
  bool unnamed = false; // prepare nothing, and rely on nothing prepared
  // Who continues when it is finished: a fiber, or a function (which then owns the batch).
  base::Fiber* waiter = nullptr;
  std::function<void()> then;

  std::vector<Result> results;
  std::optional<DatabaseError> failure; // the first
  bool lost = false;                    // the connection broke: what the server did is unknown
  bool finished = false;

  // What was sent, in order; results come back in it.
  struct Step {
    enum class Kind { prepare, settings, query, control } kind;
    const Statement* statement;
    const Params* params = nullptr; // of the batch's query
  };
  std::vector<Step> steps;
  std::size_t step = 0;
  std::chrono::steady_clock::time_point started;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::io_context& loop, Handle handle, const Options& options);
  ~Connection();
  // To be called once, after which `broken` may be called once.
  void start(std::function<void()> broken);
  bool alive() const { return handle_ != nullptr && !failed_; }
  // To be replaced: a prepared statement no longer fits, or its session is not its own. No new work, please.
  bool stale() const { return stale_ || per_transaction_ != pooler_->per_transaction(); }
  // Each transaction may meet another session: it wants one batch at a time, each transaction with its settings.
  bool per_transaction() const { return per_transaction_; }
  std::size_t load() const { return queue_.size(); }
  std::chrono::steady_clock::time_point last_use() const { return last_use_; }
  // The batch must stay where it is until it is finished.
  void submit(InFlight& batch);
  // Sends the batch and suspends the fiber until it is finished.
  void run(InFlight& batch);
  void close();
  // Closes it when what is under way has ended.
  void retire();

 private:
  bool send(InFlight& batch);
  bool send(InFlight& batch, const Statement& statement, InFlight::Step::Kind kind, const Params* params);
  void flush();
  void wait_readable();
  void on_readable();
  void drain(std::vector<InFlight*>& finished);
  void take(InFlight& batch, PGresult* result);
  void look_for_pooler(const InFlight::Step& step, const std::string& sqlstate);
  void refused(const InFlight& batch, const InFlight::Step& step);
  void log(const InFlight& batch, const InFlight::Step& step, const Failure* failure);
  void fail_soon();
  void fail();
  void finish(std::vector<InFlight*>& finished);

  boost::asio::io_context& loop_;
  boost::asio::posix::stream_descriptor socket_;
  Handle handle_;
  config::DatabaseLogging logging_;
  bool logs_;
  std::chrono::steady_clock::time_point last_result_; // while statements are logged
  std::function<void()> broken_;
  std::deque<InFlight*> queue_;
  std::shared_ptr<Pooler> pooler_;
  const bool per_transaction_;
  const bool plans_once_; // unless a statement says otherwise (planning.hpp)
  // The statements sent to be prepared, and whether they are: none on a connection that is `per_transaction`.
  std::unordered_map<std::uint32_t, bool> prepared_;
  std::chrono::steady_clock::time_point last_use_ = std::chrono::steady_clock::now();
  bool writing_ = false, failed_ = false, stale_ = false, retired_ = false;
};

} // namespace db
