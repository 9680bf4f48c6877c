#include "events/redis_queue.hpp"
#include "events/redis_queue_options.hpp"
#include <doctest/doctest.h>
#include <random>
#include <stdexcept>

using base::Json;
using events::Backoff;
using events::Keep;
using namespace std::chrono_literals;

namespace {
Json json(const char* text) { return base::parse_json(text); }
events::RedisBusOptions options(const char* text) { return events::redis_bus_options(json(text)); }
events::NewJob job(const char* module, const char* own) {
  return events::new_job(options(module).producer, {.id = "job_1", .name = "a.b", .data = "{}", .options = own}, 1000);
}
} // namespace

TEST_CASE("what becomes of finished jobs") {
  CHECK(events::keep_from(json("true")) == Keep{.count = 0});
  CHECK(events::keep_from(json("false")) == Keep{});
  CHECK(events::keep_from(json("7")) == Keep{.count = 7});
  CHECK(events::keep_from(json(R"({"age": 60})")) == Keep{.count = -1, .age = 60});
  CHECK(events::keep_from(json(R"({"age": 60, "count": 5, "limit": 2})")) == Keep{.count = 5, .age = 60, .at_once = 2});
  CHECK_FALSE(events::keep_from(json(R"("often")")));
  CHECK_FALSE(events::keep_from(Json()));
}

TEST_CASE("pauses before another attempt") {
  CHECK(events::backoff_from(json("50")).after(3, 0.5) == 50ms);
  const Backoff growing = events::backoff_from(json(R"({"type": "exponential", "delay": 100})"));
  CHECK(growing.after(1, 0) == 100ms);
  CHECK(growing.after(4, 0) == 800ms);
  CHECK(growing.after(5000, 0) == 1000000000000ms);
  const Backoff jittery = events::backoff_from(json(R"({"type": "fixed", "delay": 100, "jitter": 0.4})"));
  CHECK(jittery.after(1, 0) == 60ms);
  CHECK(jittery.after(1, 1) == 100ms);
  CHECK(events::backoff_from(json(R"({"type": "mine", "delay": 100})")).after(2, 0) == 0ms);
  CHECK(events::backoff_from(Json()).after(2, 0) == 0ms);
}

TEST_CASE("options of the module") {
  const auto plain = options("{}");
  CHECK(plain.producer.keys == "RedisEventBusService:events-queue:");
  CHECK(plain.producer.job == json(R"({"removeOnComplete": true, "attempts": 1})"));
  CHECK(plain.worker.keys == plain.producer.keys);
  CHECK(plain.worker.concurrency == 1);
  CHECK(plain.worker.renew == 15s);
  const auto all = options(
      R"({"queueName": "q", "queueOptions": {"prefix": "p", "defaultJobOptions": {"attempts": 9, "lifo": true},
    "streams": {"events": {"maxLen": 50}}}, "workerOptions": {"prefix": "w", "concurrency": 4, "lockDuration": 100,
    "limiter": {"max": 2, "duration": 500}, "removeOnFail": 3}, "jobOptions": {"attempts": 3, "backoff": 10}})");
  CHECK(all.producer.keys == "p:q:");
  CHECK(all.producer.job == json(R"({"attempts": 3, "lifo": true, "removeOnComplete": true, "backoff": 10})"));
  CHECK(all.producer.most_stream_entries == 50);
  CHECK(all.worker.keys == "w:q:");
  CHECK(all.worker.renew == 50ms);
  CHECK(all.worker.limit == 2);
  CHECK(all.worker.keep_failed == Keep{.count = 3});
  for (const char* refused :
       {R"({"queueName": "a:b"})", R"({"workerOptions": {"concurrency": 0}})",
        R"({"workerOptions": {"limiter": {"max": 1}}})", R"({"jobOptions": {"removeOnFail": "all"}})",
        R"({"jobOptions": {"backoff": {"type": "mine"}}})", R"({"jobOptions": {"priority": 2097152}})",
        R"({"queueOptions": {"defaultJobOptions": {"attempts": -1}}})"})
    CHECK_THROWS_AS(options(refused), std::invalid_argument);
}

TEST_CASE("a job's own options go before the configured ones; what can't be obeyed stops nothing") {
  const auto own =
      job(R"({"jobOptions": {"attempts": 2, "delay": 10}})", R"({"attempts": 5, "backoff": 20, "keepLogs": 3})");
  CHECK(own.delay == 10);
  CHECK(json(own.options.c_str()) == json(R"({"removeOnComplete": true, "attempts": 5, "delay": 10, "jobId": "job_1",
    "backoff": {"type": "fixed", "delay": 20}, "kl": 3})"));
  CHECK(job("{}", R"({"jobId": "mine"})").id == "mine");
  for (const char* id : {R"({"jobId": "12"})", R"({"jobId": "a:b"})", R"({"jobId": ""})", R"({"jobId": 5})"})
    CHECK(job("{}", id).id == "job_1");
  CHECK(job("{}", R"({"priority": -4, "delay": -5, "timestamp": 77})").priority == 0);
  CHECK(job("{}", R"({"priority": 1e300, "delay": 1e300})").priority == (1 << 21) - 1);
  CHECK(job("{}", R"({"timestamp": 77})").timestamp == 77);
  CHECK(job("{}", "no JSON").options == R"({"removeOnComplete":true,"attempts":1,"jobId":"job_1"})");
  CHECK(job("{}", "[1]").id == "job_1");
}

TEST_CASE("whatever stands in a job's fields, it is read") {
  std::mt19937 generator(7);
  const std::string alphabet = "{}[]\",:0123456789.eE-+ntfaulrs \\u\xc3\xa4";
  const auto text = [&] {
    std::string out;
    for (auto n = generator() % 24; n > 0; --n) out += alphabet[generator() % alphabet.size()];
    return out;
  };
  for (int i = 0; i < 20'000; ++i) {
    std::vector<redis::Reply> fields;
    for (const char* name : {"name", "data", "opts", "atm", "ats", "stacktrace", "defa"}) {
      fields.push_back({.kind = redis::Reply::Kind::text, .text = name, .elements = {}});
      fields.push_back({.kind = redis::Reply::Kind::text, .text = text(), .elements = {}});
    }
    if (i % 3 == 0) fields.pop_back();
    const auto read = events::job_from("job_1", "token", fields);
    CHECK(read.options.is_object());
    static_cast<void>(read.attempts());
    static_cast<void>(events::backoff_from(read.options["backoff"]).after(read.attempts_made, 0.5));
    static_cast<void>(job("{}", text().c_str()));
  }
}
