// The options of the Redis event bus: of its queue, its worker and single jobs, by BullMQ's names and rules.
// Owns: plain values, read from the configuration's checked options and from the JSON of jobs. Any thread.
#pragma once
#include "base/json.hpp"
#include "events/bus.hpp"
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace events {

// What becomes of finished jobs. BullMQ: KeepJobs.
struct Keep {
  std::int64_t count = -1;     // the latest so many; -1: all
  std::int64_t age = -1;       // seconds; -1: for ever
  std::int64_t at_once = 1000; // removed by age
  static constexpr std::int64_t none = 0;
  bool operator==(const Keep&) const = default;
};
// true, false, a number, or {count, age, limit}; nullopt for what is none of them.
std::optional<Keep> keep_from(const base::Json& option);

// The pause before another attempt. BullMQ: Backoffs.
struct Backoff {
  enum class Kind { none, fixed, exponential };
  Kind kind = Kind::none;
  double delay = 0;  // milliseconds
  double jitter = 0; // the share that chance decides
  // After so many attempts; `chance` is from 0 to 1.
  std::chrono::milliseconds after(std::int64_t attempts, double chance) const;
};
Backoff backoff_from(const base::Json& option);

// A message on its way into the queue.
struct NewJob {
  std::string staged_id, id, name, data, options;
  std::int64_t delay = 0, priority = 0, timestamp = 0;
  bool last_in_first_out = false;
};

struct ProducerOptions {
  std::string keys;                      // "RedisEventBusService:events-queue:"
  base::Json job = base::Json::object(); // of every job
  std::optional<std::int64_t> most_stream_entries;
};
// Medusa 1.20: RedisEventBusService.emit, BullMQ: Job's constructor. `now` in milliseconds.
NewJob new_job(const ProducerOptions& options, const Message& message, std::int64_t now);

struct WorkerOptions {
  std::string keys, name;
  bool runs = true;
  std::int64_t concurrency = 1, most_stalls = 1, most_starts = 0; // 0: any number
  std::chrono::milliseconds lock{30'000}, renew{15'000}, stalled_interval{30'000}, drain_delay{5'000};
  bool looks_for_stalled = true;
  std::int64_t limit = 0; // jobs
  std::chrono::milliseconds limit_duration{0};
  std::optional<Keep> keep_completed, keep_failed; // for jobs that don't say
};

struct RedisBusOptions {
  ProducerOptions producer;
  WorkerOptions worker;
};
// From the options of modules.eventBus. Throws std::invalid_argument with the name of the option.
RedisBusOptions redis_bus_options(const base::Json& module);

} // namespace events
