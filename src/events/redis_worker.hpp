// Takes jobs out of a queue and tells them to the subscribers. BullMQ: Worker; Medusa 1.20:
// RedisEventBusService.worker_. Owns: a connection on which it waits for jobs, the subscribers' database, and
// the locks of the jobs that are under way. Made, closed and destroyed by RedisBus on its thread; its fibers
// run there.
#pragma once
#include "events/gate_impl.hpp"
#include "events/redis_queue.hpp"
#include "events/subscribers.hpp"
#include <map>

namespace events {

class RedisWorker {
 public:
  // Begins at once. `commands` and `subscribers` must outlive it; `connection` says how to make one for
  // waiting.
  RedisWorker(boost::asio::io_context& loop, redis::Client& commands, redis::Options connection, WorkerOptions options,
              const Subscribers& subscribers, std::unique_ptr<db::Database> database);
  ~RedisWorker();

  // On a fiber: takes no more jobs and waits for those that are under way.
  void close();

 private:
  void start(std::function<void()> work); // a fiber of its own, after the current turn of the loop
  void take_jobs();
  void wait_for_jobs(std::int64_t next_delayed);
  void begin(Job job);
  // The next job, where there is one right away.
  std::optional<Job> work_on(const Job& job);
  std::optional<Job> settle(const Job& job, const Outcome& outcome);
  Outcome run_subscribers(const Job& job);
  void renew_locks();
  void look_for_stalled();
  std::string next_token();
  // Says it once, until it has gone well again.
  void complain(const char* what, const std::exception& failure);

  boost::asio::io_context& loop_;
  RedisQueue queue_;
  redis::Client waiting_;
  const WorkerOptions options_;
  const Subscribers& subscribers_;
  std::unique_ptr<db::Database> database_;
  const std::string id_;
  std::uint64_t tokens_ = 0;
  std::map<std::string, std::string> held_; // ids of the jobs under way, and their tokens
  std::int64_t at_work_ = 0;                // fibers that work on jobs
  int loops_ = 0;                           // the other fibers
  Gate room_, stalled_pause_, renew_pause_, ended_;
  bool stopping_ = false, complained_ = false;
};

} // namespace events
