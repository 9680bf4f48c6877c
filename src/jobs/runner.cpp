#include "jobs/runner.hpp"
#include "base/aside.hpp"
#include "base/fiber.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "db/errors.hpp"
#include "db/pool.hpp"
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <thread>

namespace jobs {

namespace asio = boost::asio;

namespace {
base::metrics::Level queued({"stheno_jobs_queued", "Batch jobs that wait for their turn in this process."});
base::metrics::Level running({"stheno_jobs_running", "Batch jobs at work in this process."});
base::metrics::Counter done_jobs({"stheno_jobs_total", "Batch jobs that this process has worked on."});
} // namespace

class Runner::Loop {
 public:
  Loop(const db::Options& database, Work work, const RunnerOptions& options)
      : database_(database), work_(std::move(work)), options_(options) {}
  ~Loop() { stop(std::chrono::seconds(0)); }

  void start() {
    thread_ = std::thread([this] {
      run();
      done_.set_value();
    });
  }

  void add(std::string id) {
    {
      const std::lock_guard lock(mutex_);
      put(std::move(id));
    }
    changed_.notify_one();
  }

  bool stop(std::chrono::milliseconds bound) {
    if (!thread_.joinable()) return true;
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    const bool in_time = done_.get_future().wait_for(bound) == std::future_status::ready;
    if (!in_time) {
      base::log_warn("A job did not end in time; it is left to the next start");
      const std::lock_guard lock(mutex_);
      if (loop_) loop_->stop();
    }
    thread_.join();
    return in_time;
  }

 private:
  void run() {
    for (bool look = true; !stopping_;) {
      work_through(look);
      std::unique_lock lock(mutex_);
      look = !changed_.wait_for(lock, options_.poll, [this] { return stopping_ || !waiting_.empty(); });
    }
  }

  // All that waits, and what others have left where `look` says so. The connections are gone afterwards.
  void work_through(bool look) {
    asio::io_context loop{1};
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      loop_ = &loop;
    }
    base::set_event_loop([&loop](std::function<void()> work) { asio::post(loop, std::move(work)); });
    const auto database = db::open(loop, database_);
    const Place place{loop, *database, stopping_};
    asio::post(loop, [&] {
      base::spawn_fiber([&] {
        if (look) guarded({}, [&] { take_left(work_.left_behind(place)); });
        while (const auto job = next()) {
          running.rise();
          guarded(*job, [&] { work_.run(place, *job); });
          running.fall();
          done_jobs.add();
        }
        loop.stop();
      });
    });
    loop.run();
    base::set_event_loop({});
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
  }

  template<class Step> static void guarded(const std::string& job, Step step) {
    try {
      step();
    } catch (const std::exception& failure) {
      base::log_error("A job could not be done; it is tried again later",
                      {{"job", job}, {"error", db::explanation(failure)}});
    }
  }

  std::optional<std::string> next() {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.empty()) return std::nullopt;
    std::string id = std::move(waiting_.front());
    waiting_.pop_front();
    queued.fall();
    return id;
  }
  void take_left(std::vector<std::string> ids) {
    const std::lock_guard lock(mutex_);
    for (auto& id : ids) put(std::move(id));
  }
  void put(std::string id) {
    if (std::find(waiting_.begin(), waiting_.end(), id) != waiting_.end()) return;
    waiting_.push_back(std::move(id));
    queued.rise();
  }

  const db::Options database_;
  const Work work_;
  const RunnerOptions options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> waiting_;
  asio::io_context* loop_ = nullptr; // while the thread is at work
  std::atomic<bool> stopping_ = false;
  std::promise<void> done_;
  std::thread thread_;
};

Runner::Runner(const db::Options& database, Work work, const RunnerOptions& options)
    : loop_(std::make_unique<Loop>(database, std::move(work), options)) {}

Runner::~Runner() = default;

void Runner::start() { loop_->start(); }
void Runner::add(std::string id) { loop_->add(std::move(id)); }
bool Runner::stop(std::chrono::milliseconds bound) { return loop_->stop(bound); }

} // namespace jobs
