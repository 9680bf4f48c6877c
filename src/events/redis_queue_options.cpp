#include "events/redis_queue_options.hpp"
#include <cmath>
#include <stdexcept>

namespace events {
namespace {

using base::Json;
using std::chrono::milliseconds;

// Medusa 1.20: the name of the class.
constexpr const char* kPrefix = "RedisEventBusService";
constexpr std::int64_t kMostPriority = (1 << 21) - 1;
// Farther away than anybody waits, and still exact as a score.
constexpr double kMostDelay = 1e12;

std::int64_t whole(const Json& value, std::int64_t fallback) {
  if (!value.is_number()) return fallback;
  const double number = value.as_number();
  return std::isfinite(number) ? static_cast<std::int64_t>(std::clamp(number, -9e15, 9e15)) : fallback;
}

std::int64_t at_least(const Json& options, const char* group, const char* name, std::int64_t least,
                      std::int64_t fallback) {
  const std::int64_t value = whole(options[name], fallback);
  if (value < least)
    throw std::invalid_argument(std::string(group) + "." + name + " is " + std::to_string(value) +
                                "; it accepts a whole number from " + std::to_string(least));
  return value;
}

std::optional<Keep> checked_keep(const Json& options, const char* group, const char* name) {
  if (options[name].is_nullish()) return {};
  const auto keep = keep_from(options[name]);
  if (!keep)
    throw std::invalid_argument(std::string(group) + "." + name +
                                " accepts true, false, a number, or an object with count and age");
  return keep;
}

void check_job(const Json& job, const char* group) {
  checked_keep(job, group, "removeOnComplete");
  checked_keep(job, group, "removeOnFail");
  at_least(job, group, "attempts", 0, 1);
  at_least(job, group, "delay", 0, 0);
  const auto priority = at_least(job, group, "priority", 0, 0);
  if (priority > kMostPriority)
    throw std::invalid_argument(std::string(group) + ".priority is above " + std::to_string(kMostPriority));
  const Json& backoff = job["backoff"];
  if (!backoff.is_nullish() && !(backoff.is_number() && backoff.as_number() >= 0) &&
      backoff_from(backoff).kind == Backoff::Kind::none)
    throw std::invalid_argument(
        std::string(group) + ".backoff accepts milliseconds, or an object with type (fixed or exponential) and delay");
}

void merge(Json& into, const Json& from) {
  if (!from.is_object()) return;
  for (const auto& [name, value] : from.as_object())
    if (!value.is_undefined()) into.set(name, value);
}

// BullMQ: Job.validateOptions refuses others, and 1.20 would then never go on.
bool is_job_id(const Json& id) {
  if (!id.is_string() || id.as_string().empty() || id.as_string().find(':') != std::string::npos) return false;
  return id.as_string().find_first_not_of("0123456789") != std::string::npos;
}

std::string keys_of(const Json& group, const std::string& queue) {
  const Json& prefix = group["prefix"];
  return (prefix.is_string() && !prefix.as_string().empty() ? prefix.as_string() : kPrefix) + ":" + queue + ":";
}

} // namespace

std::optional<Keep> keep_from(const Json& option) {
  if (option.is_bool()) return option.as_bool() ? Keep{.count = Keep::none} : Keep{};
  if (option.is_number()) return Keep{.count = std::max<std::int64_t>(-1, whole(option, -1))};
  if (!option.is_object()) return {};
  return Keep{.count = std::max<std::int64_t>(-1, whole(option["count"], -1)),
              .age = std::max<std::int64_t>(-1, whole(option["age"], -1)),
              .at_once = std::max<std::int64_t>(1, whole(option["limit"], 1000))};
}

Backoff backoff_from(const Json& option) {
  if (option.is_number()) return {.kind = Backoff::Kind::fixed, .delay = option.as_number()};
  Backoff backoff;
  if (option["type"] == Json("fixed")) backoff.kind = Backoff::Kind::fixed;
  if (option["type"] == Json("exponential")) backoff.kind = Backoff::Kind::exponential;
  if (option["delay"].is_number()) backoff.delay = option["delay"].as_number();
  if (option["jitter"].is_number()) backoff.jitter = std::clamp(option["jitter"].as_number(), 0.0, 1.0);
  return backoff;
}

milliseconds Backoff::after(std::int64_t attempts, double chance) const {
  if (kind == Kind::none) return milliseconds(0);
  const double most = kind == Kind::fixed ? delay : std::round(std::pow(2, static_cast<double>(attempts - 1)) * delay);
  const double pause = jitter > 0 ? std::floor(most * (1 - jitter) + chance * most * jitter) : most;
  return milliseconds(static_cast<std::int64_t>(std::isnan(pause) ? 0 : std::clamp(pause, 0.0, kMostDelay)));
}

NewJob new_job(const ProducerOptions& options, const Message& message, std::int64_t now) {
  Json own;
  try {
    own = base::parse_json(message.options.empty() ? "{}" : message.options);
  } catch (const base::JsonParseError&) {
  }
  NewJob job{
      .staged_id = message.id, .id = message.id, .name = message.name, .data = {}, .options = {}, .timestamp = now};
  Json all = options.job;
  all.set("jobId", message.id);
  merge(all, own);
  if (is_job_id(all["jobId"])) job.id = all["jobId"].as_string();
  all.set("jobId", job.id);
  // An event is one job, told once: BullMQ does not look at these either where jobs come in bulk, or they are
  // for flows.
  for (const char* name : {"deduplication", "debounce", "parent", "repeat"}) all.erase(name);
  if (!all["keepLogs"].is_undefined()) all.set("kl", all["keepLogs"]); // BullMQ: optsEncodeMap
  all.erase("keepLogs");
  if (all["backoff"].is_number()) all.set("backoff", base::JsonObject{{"type", "fixed"}, {"delay", all["backoff"]}});
  if (all["delay"].is_number()) job.delay = whole(Json(std::clamp(all["delay"].as_number(), 0.0, kMostDelay)), 0);
  job.priority = std::clamp<std::int64_t>(whole(all["priority"], 0), 0, kMostPriority);
  job.last_in_first_out = all["lifo"].truthy();
  if (const auto given = whole(all["timestamp"], 0); given > 0) job.timestamp = given;
  job.options = all.dump();
  base::JsonWriter writer(job.data);
  writer.open_object();
  writer.key("eventName").string(message.name);
  writer.key("data").raw(message.data.empty() ? "{}" : message.data);
  writer.close_object();
  return job;
}

RedisBusOptions redis_bus_options(const Json& module) {
  RedisBusOptions options;
  const std::string queue = module["queueName"].is_string() ? module["queueName"].as_string() : "events-queue";
  if (queue.find(':') != std::string::npos) throw std::invalid_argument("queueName: Queue name cannot contain :");

  const Json &of_queue = module["queueOptions"], &of_worker = module["workerOptions"];
  auto& producer = options.producer;
  producer.keys = keys_of(of_queue, queue);
  merge(producer.job, of_queue["defaultJobOptions"]);
  check_job(producer.job, "queueOptions.defaultJobOptions");
  producer.job.set("removeOnComplete", true);
  producer.job.set("attempts", 1);
  merge(producer.job, module["jobOptions"]);
  check_job(producer.job, "jobOptions");
  if (const Json& most = of_queue["streams"]["events"]["maxLen"]; most.is_number())
    producer.most_stream_entries = whole(most, 10'000);

  auto& worker = options.worker;
  const auto number = [&](const char* name, std::int64_t least, std::int64_t fallback) {
    return at_least(of_worker, "workerOptions", name, least, fallback);
  };
  worker.keys = keys_of(of_worker, queue);
  if (of_worker["name"].is_string()) worker.name = of_worker["name"].as_string();
  worker.runs = of_worker["autorun"].is_undefined() || of_worker["autorun"].truthy();
  worker.concurrency = number("concurrency", 1, 1);
  worker.most_stalls = number("maxStalledCount", 0, 1);
  worker.most_starts = number("maxStartedAttempts", 0, 0);
  worker.lock = milliseconds(number("lockDuration", 1, 30'000));
  worker.renew = milliseconds(number("lockRenewTime", 1, std::max<std::int64_t>(1, worker.lock.count() / 2)));
  worker.stalled_interval = milliseconds(number("stalledInterval", 1, 30'000));
  worker.looks_for_stalled = !of_worker["skipStalledCheck"].truthy();
  worker.drain_delay = std::chrono::seconds(number("drainDelay", 1, 5));
  if (const Json& limiter = of_worker["limiter"]; !limiter.is_nullish()) {
    worker.limit = at_least(limiter, "workerOptions.limiter", "max", 1, 0);
    worker.limit_duration = milliseconds(at_least(limiter, "workerOptions.limiter", "duration", 1, 0));
  }
  worker.keep_completed = checked_keep(of_worker, "workerOptions", "removeOnComplete");
  worker.keep_failed = checked_keep(of_worker, "workerOptions", "removeOnFail");
  return options;
}

} // namespace events
