#include "events/redis_queue.hpp"
#include "events/redis_queue_scripts.hpp"
#include <charconv>

namespace events {
namespace {

using base::Json;
using std::chrono::milliseconds;

std::string count(milliseconds time) { return std::to_string(time.count()); }

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// BullMQ: Scripts.getKeepJobs.
Keep keep(const Json& of_job, const std::optional<Keep>& of_worker) {
  if (const auto own = keep_from(of_job)) return *own;
  return of_worker.value_or(Keep{});
}

const char* push(const Json& options) { return options["lifo"].truthy() ? "RPUSH" : "LPUSH"; }

std::vector<std::string> texts(redis::Reply reply) {
  std::vector<std::string> all;
  for (auto& element : reply.elements) all.push_back(std::move(element.text));
  return all;
}

Taken taken_from(redis::Reply reply, const std::string& token) {
  Taken taken;
  if (reply.elements.size() != 4) return taken;
  auto& parts = reply.elements;
  if (!parts[0].text.empty()) taken.job = job_from(std::move(parts[0].text), token, parts[1].elements);
  taken.limited = milliseconds(parts[2].integer);
  taken.next_delayed = parts[3].integer;
  return taken;
}

// A failure of an attempt, told to those who look the job up.
void add_failure(std::vector<std::string>& arguments, const Job& job, const std::string& reason) {
  Json trace = Json::array();
  try {
    if (const Json before = base::parse_json(job.stack_trace); before.is_array()) trace = before;
  } catch (const base::JsonParseError&) {
  }
  trace.push_back("Error: " + reason);
  if (const Json& limit = job.options["stackTraceLimit"]; limit.is_integer()) {
    auto& entries = trace.as_array();
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(0, limit.as_int()));
    if (entries.size() > most) entries.erase(entries.begin(), entries.end() - static_cast<std::ptrdiff_t>(most));
  }
  arguments.insert(arguments.end(), {"failedReason", reason, "stacktrace", trace.dump()});
}

} // namespace

std::int64_t Job::attempts() const {
  const Json& most = options["attempts"];
  return most.is_number() ? static_cast<std::int64_t>(std::clamp(most.as_number(), 0.0, 1e9)) : 0;
}

Job job_from(std::string id, std::string token, const std::vector<redis::Reply>& fields) {
  Job job{.id = std::move(id),
          .token = std::move(token),
          .name = {},
          .data = {},
          .stack_trace = {},
          .deferred_failure = {},
          .options = Json::object()};
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::string &field = fields[i].text, &value = fields[i + 1].text;
    if (field == "name") job.name = value;
    if (field == "data") job.data = value;
    if (field == "stacktrace") job.stack_trace = value;
    if (field == "defa") job.deferred_failure = value;
    if (field == "ats") job.attempts_started = number(value);
    if (field == "atm" || (field == "attemptsMade" && job.attempts_made == 0)) job.attempts_made = number(value);
    if (field == "opts") {
      try {
        if (Json options = base::parse_json(value); options.is_object()) job.options = std::move(options);
      } catch (const base::JsonParseError&) {
      }
    }
  }
  return job;
}

std::int64_t RedisQueue::clock() {
  return std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void RedisQueue::add(const std::vector<NewJob>& jobs, const std::vector<std::string>& settled) {
  std::vector<std::string> arguments{keys_, std::to_string(clock()), std::to_string(settled.size())};
  arguments.insert(arguments.end(), settled.begin(), settled.end());
  for (const auto& job : jobs)
    arguments.insert(arguments.end(), {job.staged_id, job.id, job.name, job.data, job.options,
                                       std::to_string(job.delay), std::to_string(job.priority),
                                       job.last_in_first_out ? "RPUSH" : "LPUSH", std::to_string(job.timestamp)});
  redis::run_script(client_,
                    {scripts::add(), {keys_ + "meta", "stheno:" + keys_ + "handed-over"}, std::move(arguments)});
}

void RedisQueue::set_most_stream_entries(std::int64_t most) {
  client_.run({"HSET", keys_ + "meta", "opts.maxLenEvents", std::to_string(most)});
}

redis::ScriptCall RedisQueue::taking(const WorkerOptions& worker, const std::string& token) const {
  return {scripts::take(),
          {keys_ + "meta"},
          {keys_, std::to_string(clock()), token, count(worker.lock), std::to_string(worker.limit),
           count(worker.limit_duration), worker.name}};
}

redis::ScriptCall RedisQueue::settling(const WorkerOptions& worker, const Job& job, const Outcome& outcome) const {
  std::vector<std::string> arguments{keys_, std::to_string(clock()), job.id, job.token};
  const bool again = outcome.kind == Outcome::Kind::again, completed = outcome.kind == Outcome::Kind::completed;
  if (again) {
    arguments.insert(arguments.end(), {count(outcome.pause), push(job.options)});
  } else {
    const Keep kept = completed ? keep(job.options["removeOnComplete"], worker.keep_completed)
                                : keep(job.options["removeOnFail"], worker.keep_failed);
    arguments.insert(arguments.end(), {completed ? "completed" : "failed", completed ? "returnvalue" : "failedReason",
                                       outcome.text, std::to_string(kept.count), std::to_string(kept.age),
                                       std::to_string(kept.at_once), std::to_string(job.attempts())});
  }
  if (outcome.data) arguments.insert(arguments.end(), {"data", *outcome.data});
  if (!completed) add_failure(arguments, job, outcome.text);
  return {again ? scripts::retry() : scripts::finish(), {keys_ + "meta"}, std::move(arguments)};
}

Taken RedisQueue::take(const WorkerOptions& worker, const std::string& token) {
  return taken_from(redis::run_script(client_, taking(worker, token)), token);
}

RedisQueue::Settled RedisQueue::settle(const WorkerOptions& worker, const Job& job, const Outcome& outcome,
                                       const std::string& next_token) {
  std::vector<redis::ScriptCall> calls{settling(worker, job, outcome)};
  if (!next_token.empty()) calls.push_back(taking(worker, next_token));
  auto replies = redis::run_scripts(client_, calls);
  Settled settled{.lost = static_cast<Lost>(replies[0].integer), .next = {}};
  if (!next_token.empty()) settled.next = taken_from(std::move(replies[1]), next_token);
  return settled;
}

std::vector<std::string>
RedisQueue::extend_locks(milliseconds lock, const std::vector<std::pair<std::string, std::string>>& ids_and_tokens) {
  std::vector<std::string> arguments{keys_, std::to_string(clock()), count(lock)};
  for (const auto& [id, token] : ids_and_tokens) arguments.insert(arguments.end(), {id, token});
  return texts(redis::run_script(client_, {scripts::extend(), {keys_ + "meta"}, std::move(arguments)}));
}

std::vector<std::string> RedisQueue::recover_stalled(const WorkerOptions& worker) {
  return texts(redis::run_script(
      client_, {scripts::recover(),
                {keys_ + "meta"},
                {keys_, std::to_string(clock()), std::to_string(worker.most_stalls), count(worker.stalled_interval)}}));
}

redis::Command RedisQueue::wait_for_marker(milliseconds longest) const {
  return {"BZPOPMIN", keys_ + "marker",
          base::number_text(static_cast<double>(std::max<std::int64_t>(1, longest.count())) / 1000)};
}

} // namespace events
