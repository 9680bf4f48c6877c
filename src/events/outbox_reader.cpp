#include "events/outbox_reader.hpp"
#include "base/aside.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "db/batch.hpp"
#include "db/pool.hpp"
#include "events/bell.hpp"
#include "events/gate_impl.hpp"
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>

namespace events {

namespace asio = boost::asio;

namespace {

base::metrics::Counter delivered({"stheno_events_delivered_total", "Staged events given to the event bus."});
base::metrics::Counter failures({"stheno_events_failures_total",
                                 "Batches of staged events that could not be delivered, and are tried again."});

// Of this transaction only. A row that comes twice after a crash of PostgreSQL is better than a flush of its log for
// each batch, which checkouts would wait for. And a host that has vanished must not keep its rows locked for hours.
const db::Statement& settings() {
  static const db::Statement statement("SELECT set_config('synchronous_commit', 'off', true), "
                                       "set_config('idle_in_transaction_session_timeout', '30s', true)");
  return statement;
}

// Oldest first; ids sort by the time they were made.
const db::Statement& take() {
  static const db::Statement statement(
      "SELECT id, event_name, CASE WHEN $2::bool OR event_name = ANY($3::text[]) THEN data END, "
      "CASE WHEN $2::bool OR event_name = ANY($3::text[]) THEN options END "
      "FROM staged_job ORDER BY id LIMIT $1::bigint FOR UPDATE SKIP LOCKED");
  return statement;
}

const db::Statement& remove() {
  static const db::Statement statement("DELETE FROM staged_job WHERE id = ANY($1)");
  return statement;
}

db::Options one_connection(db::Options options) {
  options.shared_connections = options.exclusive_connections = 1;
  return options;
}

} // namespace

class OutboxReader::Loop {
 public:
  Loop(const db::Options& database, MakeBus make_bus, const OutboxOptions& options)
      : database_options_(one_connection(database)), make_bus_(std::move(make_bus)), options_(options),
        descriptor_(io_), bell_rang_(io_), pause_(io_) {
    descriptor_.assign(bell_.descriptor());
  }
  ~Loop() {
    stop(std::chrono::seconds(0));
    descriptor_.release(); // the bell closes it
  }

  void start() {
    std::promise<void> ready;
    auto made = ready.get_future();
    thread_ = std::thread([this, ready = std::move(ready)]() mutable { run(ready); });
    try {
      made.get();
    } catch (...) {
      thread_.join();
      throw;
    }
    hang(bell_);
  }

  bool stop(std::chrono::milliseconds bound) {
    if (!thread_.joinable()) return true;
    take_down(bell_);
    asio::post(io_, [this] {
      stopping_ = true;
      pause_.open();
      bell_rang_.open();
    });
    const bool in_time = done_.get_future().wait_for(bound) == std::future_status::ready;
    if (!in_time) {
      base::log_warn("Delivering events did not end in time; what was not handed over is left to the next start");
      io_.stop();
    }
    thread_.join();
    return in_time;
  }

 private:
  void run(std::promise<void>& ready) {
    try {
      bus_ = make_bus_(io_);
    } catch (...) {
      return ready.set_exception(std::current_exception());
    }
    database_ = db::open(io_, database_options_);
    base::set_event_loop([this](std::function<void()> work) { asio::post(io_, std::move(work)); });
    listen();
    asio::post(io_, [this] {
      base::spawn_fiber([this] {
        work();
        done_.set_value();
        io_.stop();
      });
    });
    ready.set_value();
    for (;;) {
      try {
        io_.run();
        break;
      } catch (const std::exception& failure) {
        base::log_error("The outbox reader caught an exception", {{"error", failure.what()}});
      }
    }
    bus_.reset();
    database_.reset();
    base::set_event_loop({});
  }

  void listen() {
    descriptor_.async_wait(descriptor_.wait_read, [this](boost::system::error_code error) {
      if (error) return;
      bell_.answer();
      bell_rang_.open();
      listen();
    });
  }

  enum class Found { nothing, some, full_batch, failure };

  void work() {
    while (!stopping_) {
      switch (deliver_batch()) {
      case Found::nothing: bell_rang_.wait(options_.poll); break;
      case Found::some: pause_.wait(options_.gather); break;
      case Found::full_batch: break;
      case Found::failure: pause_.wait(options_.poll); break;
      }
    }
    // The last requests have been answered: what they staged is delivered too, also where their ring is not heard yet.
    deliver_batch();
    try {
      bus_->close();
    } catch (const std::exception& failure) {
      base::log_error("The event bus could not be closed", {{"error", failure.what()}});
    }
  }

  Found deliver_batch() {
    try {
      const Found found = take_and_deliver();
      if (std::exchange(failing_, false)) base::log_info("Staged events are delivered again");
      return found;
    } catch (const NotThereYet&) {
      return Found::failure;
    } catch (const std::exception& failure) {
      failures.add();
      if (!std::exchange(failing_, true))
        base::log_error("Staged events can't be delivered; they are kept and tried again", {{"error", failure.what()}});
      return Found::failure;
    }
  }

  Found take_and_deliver() {
    const Interest interest = bus_->interest();
    auto transaction = database_->begin();
    db::Batch batch;
    batch.add(settings());
    const auto taken = batch.add({take(), db::Params::of(options_.batch, interest.everything, interest.names)});
    batch.run(*transaction);
    const auto& rows = *taken;
    if (rows.empty()) return Found::nothing;
    std::vector<std::string> ids;
    std::vector<Message> messages;
    for (int row = 0; row < rows.rows(); ++row) {
      ids.emplace_back(rows.text(row, 0));
      messages.push_back(
          {ids.back(), std::string(rows.text(row, 1)), std::string(rows.text(row, 2)), std::string(rows.text(row, 3))});
    }
    bus_->deliver(std::move(messages));
    transaction->commit({{remove(), db::Params::of(ids)}});
    bus_->settled();
    delivered.add(0, ids.size());
    return rows.rows() == options_.batch ? Found::full_batch : Found::some;
  }

  db::Options database_options_;
  MakeBus make_bus_;
  OutboxOptions options_;
  asio::io_context io_{1};
  Bell bell_;
  asio::posix::stream_descriptor descriptor_; // the bell's
  std::unique_ptr<EventBus> bus_;
  std::unique_ptr<db::Database> database_;
  Gate bell_rang_, pause_;
  std::promise<void> done_;
  std::thread thread_;
  bool failing_ = false;
  bool stopping_ = false;
};

OutboxReader::OutboxReader(const db::Options& database, MakeBus make_bus, const OutboxOptions& options)
    : loop_(std::make_unique<Loop>(database, std::move(make_bus), options)) {}

OutboxReader::~OutboxReader() { stop(); }

void OutboxReader::start() { loop_->start(); }
bool OutboxReader::stop(std::chrono::milliseconds bound) { return loop_->stop(bound); }

} // namespace events
