// A queue in Redis as BullMQ keeps it: what can be done to it, each in one round trip. Owns nothing but the
// names of its keys; the connection is shared. Called by RedisBus and RedisWorker on fibers of their thread.
// Everything throws what redis::Client throws.
#pragma once
#include "events/redis_queue_options.hpp"
#include "redis/redis.hpp"

namespace redis {
struct ScriptCall;
}

namespace events {

struct Job {
  std::string id, token; // the token says whose it is
  std::string name, data, stack_trace, deferred_failure;
  base::Json options;
  std::int64_t attempts_made = 0, attempts_started = 0;

  std::int64_t attempts() const; // at most
};

struct Taken {
  std::optional<Job> job;
  std::chrono::milliseconds limited{0}; // until another one may be taken
  std::int64_t next_delayed = 0;        // when, in milliseconds of the clock; 0: none waits for its time
};

// What becomes of a job that has been worked on.
struct Outcome {
  enum class Kind { completed, failed, again };
  Kind kind = Kind::completed;
  std::string text;                   // JSON of what the subscribers gave, or the reason of the failure
  std::optional<std::string> data{};  // the job's, when it has changed
  std::chrono::milliseconds pause{0}; // before it is tried again
};

// Why a job could not be settled: it is another worker's by now.
enum class Lost { no = 0, job = -1, lock = -2, place = -3, lock_of_another = -6 };

class RedisQueue {
 public:
  RedisQueue(redis::Client& client, std::string keys) : client_(client), keys_(std::move(keys)) {}
  const std::string& keys() const { return keys_; }

  // Those that were added before are left out; `settled` are ids that nobody is going to add again.
  void add(const std::vector<NewJob>& jobs, const std::vector<std::string>& settled);
  void set_most_stream_entries(std::int64_t most);

  Taken take(const WorkerOptions& worker, const std::string& token);
  struct Settled {
    Lost lost = Lost::no;
    Taken next;
  };
  // And takes another one with `next_token`, unless that is empty.
  Settled settle(const WorkerOptions& worker, const Job& job, const Outcome& outcome, const std::string& next_token);
  // The ids of jobs that are ours no longer.
  std::vector<std::string> extend_locks(std::chrono::milliseconds lock,
                                        const std::vector<std::pair<std::string, std::string>>& ids_and_tokens);
  // Jobs of workers that have died go back into the queue; their ids.
  std::vector<std::string> recover_stalled(const WorkerOptions& worker);
  // To be given to a client of its own: blocks until there is something to take, or for so long.
  redis::Command wait_for_marker(std::chrono::milliseconds longest) const;

  static std::int64_t clock(); // milliseconds

 private:
  redis::ScriptCall taking(const WorkerOptions& worker, const std::string& token) const;
  redis::ScriptCall settling(const WorkerOptions& worker, const Job& job, const Outcome& outcome) const;
  redis::Client& client_;
  std::string keys_;
};

// From a job's fields as HGETALL gives them; fields of other kinds are left out.
Job job_from(std::string id, std::string token, const std::vector<redis::Reply>& fields);

} // namespace events
