// Long work aside of requests: jobs, one after the other, on a thread of their own. What a job is and how it is done comes from
// whoever makes the runner. Medusa 1.20: BatchJobSubscriber, which runs them among the requests.
// Owns: a thread with its event loop, and the connections of the job at work; none while there is nothing to do.
// Made, started and stopped by app; jobs are added on any thread.
#pragma once
#include "db/options.hpp"
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace jobs {

// What the work is given.
struct Place {
  boost::asio::io_context& loop;
  db::Database& database;
  const std::atomic<bool>& stopping; // asked between two steps: the work then ends, and is left to the next start
};

struct Work {
  // Does the job, or leaves it alone where it isn't its turn or somebody else does it. What it throws is logged.
  std::function<void(const Place&, const std::string& id)> run;
  // The jobs that somebody has begun, or was told of, and left.
  std::function<std::vector<std::string>(const Place&)> left_behind;
};

struct RunnerOptions {
  // How often left jobs are looked for; the first time at the start.
  std::chrono::milliseconds poll = std::chrono::minutes(1);
};

class Runner {
 public:
  Runner(const db::Options& database, Work work, const RunnerOptions& options = {});
  ~Runner(); // stops
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void start();
  void add(std::string id);
  // Called once. Ends the job at work where it can be ended. Whether that was done within `bound`; otherwise it is abandoned.
  bool stop(std::chrono::milliseconds bound = std::chrono::seconds(8));

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

} // namespace jobs
