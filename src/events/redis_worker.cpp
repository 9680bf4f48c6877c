#include "events/redis_worker.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/json_text.hpp"
#include "base/log.hpp"
#include <boost/asio/post.hpp>
#include <random>

namespace events {

using std::chrono::milliseconds;

namespace {

// BullMQ: the longest that a worker blocks, because of connections that died unnoticed.
constexpr milliseconds kLongestWait{10'000};
constexpr milliseconds kPauseAfterFailure{1'000};

redis::Options for_waiting(redis::Options options, const WorkerOptions& worker) {
  options.patience = std::max(kLongestWait, worker.drain_delay) + std::chrono::seconds(3);
  return options;
}

double chance() {
  static thread_local std::minstd_rand generator(std::random_device{}());
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

// What a job says: 1.20's {eventName, data, completedSubscriberIds}.
struct Told {
  base::Json all;
  Message message;
  std::vector<std::string> completed;
};
Told told_by(const Job& job) {
  Told told;
  try {
    told.all = base::parse_json(job.data);
  } catch (const base::JsonParseError&) {
  }
  told.message = {.id = job.id,
                  .name = base::text_of(told.all["eventName"]),
                  .data = told.all["data"].is_undefined() ? "{}" : told.all["data"].dump(),
                  .options = job.options.dump()};
  if (const base::Json& ids = told.all["completedSubscriberIds"]; ids.is_array())
    for (const base::Json& id : ids.as_array())
      if (id.is_string()) told.completed.push_back(id.as_string());
  return told;
}

} // namespace

RedisWorker::RedisWorker(boost::asio::io_context& loop, redis::Client& commands, redis::Options connection,
                         WorkerOptions options, const Subscribers& subscribers, std::unique_ptr<db::Database> database)
    : loop_(loop), queue_(commands, options.keys), waiting_(loop, for_waiting(std::move(connection), options)),
      options_(std::move(options)), subscribers_(subscribers), database_(std::move(database)), id_(base::uuid()),
      room_(loop), stalled_pause_(loop), renew_pause_(loop), ended_(loop) {
  start([this] { take_jobs(); });
  start([this] { renew_locks(); });
  if (options_.looks_for_stalled) start([this] { look_for_stalled(); });
}

RedisWorker::~RedisWorker() = default;

void RedisWorker::close() {
  stopping_ = true;
  waiting_.close();
  room_.open();
  stalled_pause_.open();
  while (at_work_ > 0) ended_.wait(std::chrono::seconds(1));
  renew_pause_.open(); // the locks were renewed until now
  while (loops_ > 0) ended_.wait(std::chrono::seconds(1));
}

void RedisWorker::start(std::function<void()> work) {
  ++loops_;
  boost::asio::post(loop_, [this, work = std::move(work)] {
    base::spawn_fiber([this, work] {
      work();
      --loops_;
      ended_.open();
    });
  });
}

std::string RedisWorker::next_token() { return id_ + ":" + std::to_string(tokens_++); }

void RedisWorker::complain(const char* what, const std::exception& failure) {
  // That Redis is away is said by the client.
  const auto* error = dynamic_cast<const base::Error*>(&failure);
  const bool away = error && error->type == base::ErrorType::unavailable;
  if (!away && !std::exchange(complained_, true)) base::log_error(what, {{"error", failure.what()}});
}

void RedisWorker::take_jobs() {
  while (!stopping_) {
    if (at_work_ >= options_.concurrency) {
      room_.wait(std::chrono::hours(1));
      continue;
    }
    try {
      Taken taken = queue_.take(options_, next_token());
      complained_ = false;
      if (taken.job)
        begin(std::move(*taken.job));
      else if (taken.limited.count() > 0)
        room_.wait(taken.limited);
      else
        wait_for_jobs(taken.next_delayed);
    } catch (const std::exception& failure) {
      complain("Jobs can't be taken out of the queue", failure);
      if (!stopping_) room_.wait(kPauseAfterFailure);
    }
  }
}

void RedisWorker::wait_for_jobs(std::int64_t next_delayed) {
  milliseconds longest = options_.drain_delay;
  if (next_delayed > 0)
    longest = std::clamp(milliseconds(next_delayed - RedisQueue::clock()), milliseconds(0), kLongestWait);
  if (longest.count() > 0 && !stopping_) waiting_.run(queue_.wait_for_marker(longest));
}

void RedisWorker::begin(Job job) {
  ++at_work_;
  held_[job.id] = job.token;
  base::spawn_fiber([this, job = std::move(job)]() mutable {
    for (std::optional<Job> current = std::move(job); current;) current = work_on(*current);
    --at_work_;
    room_.open();
    ended_.open();
  });
}

std::optional<Job> RedisWorker::work_on(const Job& job) {
  Outcome outcome;
  if (!job.deferred_failure.empty())
    outcome = {.kind = Outcome::Kind::failed, .text = job.deferred_failure};
  else if (options_.most_starts > 0 && job.attempts_started > options_.most_starts)
    outcome = {.kind = Outcome::Kind::failed, .text = "job started more than allowable limit"};
  else
    outcome = run_subscribers(job);
  auto next = settle(job, outcome);
  held_.erase(job.id);
  if (next) held_[next->id] = next->token;
  return next;
}

// Until Redis has taken it: what was done shall not be done again.
std::optional<Job> RedisWorker::settle(const Job& job, const Outcome& outcome) {
  for (;;) {
    const bool another = !stopping_ && at_work_ <= options_.concurrency;
    try {
      auto settled = queue_.settle(options_, job, outcome, another ? next_token() : std::string());
      if (settled.lost != Lost::no)
        base::log_warn("A job had been given to another worker before it was done here",
                       {{"job", job.id}, {"event", job.name}});
      complained_ = false;
      return std::move(settled.next.job);
    } catch (const std::exception& failure) {
      complain("What became of a job can't be written down", failure);
      Gate pause(loop_);
      pause.wait(kPauseAfterFailure);
    }
  }
}

Outcome RedisWorker::run_subscribers(const Job& job) {
  Told told = told_by(job);
  const std::string& name = told.message.name;
  const auto hearing = subscribers_.of(name);
  std::vector<const Subscription*> now;
  for (const auto* subscription : hearing)
    if (std::find(told.completed.begin(), told.completed.end(), subscription->id) == told.completed.end())
      now.push_back(subscription);
  const auto named = static_cast<std::size_t>(
      std::count_if(hearing.begin(), hearing.end(), [&](const Subscription* one) { return one->event == name; }));
  const auto attempt = job.attempts_made + 1, attempts = job.attempts();
  if (job.attempts_made == 0) {
    base::log_info("Processing " + name + " which has " + std::to_string(named) + " subscribers");
  } else {
    if (attempt == attempts) base::log_info("Final retry attempt for " + name);
    base::log_info("Retrying " + name + " which has " + std::to_string(named) + " subscribers (" +
                   std::to_string(now.size()) + " of them failed)");
  }

  std::size_t missing = now.size();
  std::vector<std::string> results(now.size(), "null"); // JSON of what each gave; of an Error it is {}
  const std::size_t before = told.completed.size();
  Gate all_done(loop_);
  for (std::size_t i = 0; i < now.size(); ++i)
    base::spawn_fiber([&, i] {
      try {
        now[i]->subscriber({.message = told.message,
                            .database = *database_,
                            .attempt = static_cast<int>(attempt),
                            .attempts = static_cast<int>(std::max<std::int64_t>(1, attempts))});
        told.completed.push_back(now[i]->id);
      } catch (const std::exception& failure) {
        results[i] = "{}";
        base::log_warn("An error occurred while processing " + name + ": " + failure.what(),
                       {{"subscriber", now[i]->id}});
      } catch (...) {
        results[i] = "{}";
        base::log_warn("An error occurred while processing " + name, {{"subscriber", now[i]->id}});
      }
      if (--missing == 0) all_done.open();
    });
  while (missing > 0) all_done.wait(std::chrono::hours(1));

  const bool failed = told.completed.size() - before < now.size();
  if (failed && attempts > 1) {
    base::Json ids = base::Json::array();
    for (auto& id : told.completed) ids.push_back(std::move(id));
    told.all.set("completedSubscriberIds", std::move(ids));
    Outcome outcome{.kind = attempt < attempts ? Outcome::Kind::again : Outcome::Kind::failed,
                    .text = "One or more subscribers of " + name + " failed. Retrying...",
                    .data = told.all.dump()};
    outcome.pause = backoff_from(job.options["backoff"]).after(attempt, chance());
    base::log_warn(outcome.text);
    return outcome;
  }
  if (failed)
    base::log_warn("One or more subscribers of " + name +
                   " failed. Retrying is not configured. Use 'attempts' option "
                   "when emitting events.");
  std::string text;
  base::JsonWriter writer(text);
  writer.open_array();
  for (const auto& result : results) writer.raw(result);
  writer.close_array();
  return {.kind = Outcome::Kind::completed, .text = std::move(text)};
}

void RedisWorker::renew_locks() {
  while (!stopping_ || at_work_ > 0) {
    renew_pause_.wait(std::max(options_.renew / 2, milliseconds(1)));
    if (held_.empty()) continue;
    try {
      const std::vector<std::pair<std::string, std::string>> held(held_.begin(), held_.end());
      for (const auto& id : queue_.extend_locks(options_.lock, held))
        if (held_.contains(id)) base::log_warn("could not renew lock for job " + id);
    } catch (const std::exception& failure) {
      complain("The locks of jobs can't be renewed", failure);
    }
  }
}

void RedisWorker::look_for_stalled() {
  while (!stopping_) {
    try {
      for (const auto& id : queue_.recover_stalled(options_))
        base::log_warn("A job whose worker has died goes back into the queue", {{"job", id}});
    } catch (const std::exception& failure) {
      complain("Stalled jobs can't be looked for", failure);
    }
    if (!stopping_) stalled_pause_.wait(options_.stalled_interval);
  }
}

} // namespace events
