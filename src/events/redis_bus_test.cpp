// Against a real Redis (STHENO_TEST_REDIS_URL); tests/queue plays the same with BullMQ itself on the other
// side.
#include "base/fiber.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "events/gate_impl.hpp"
#include "events/no_database_test.hpp"
#include "events/redis_bus.hpp"
#include "events/redis_queue.hpp"
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <doctest/doctest.h>
#include <stdexcept>

using namespace std::chrono_literals;
using base::Json;

namespace {

// A queue of the test's own.
struct Queue {
  boost::asio::io_context& loop;
  redis::Options connection;
  redis::Client client;
  std::string prefix = "test-" + base::uuid(), keys = prefix + ":events-queue:";

  explicit Queue(boost::asio::io_context& io)
      : loop(io), connection(redis::options_from(std::getenv("STHENO_TEST_REDIS_URL"))), client(io, connection) {}

  std::unique_ptr<events::EventBus> bus(const events::Subscribers& subscribers, const char* module = "{}",
                                        bool works = true) {
    Json options = base::parse_json(module);
    Json of_queue = options["queueOptions"], of_worker = options["workerOptions"];
    of_queue.set("prefix", prefix);
    of_worker.set("prefix", prefix);
    options.set("queueOptions", of_queue);
    options.set("workerOptions", of_worker);
    return events::redis_bus(loop, connection, events::redis_bus_options(options), subscribers,
                             works ? std::make_unique<events::NoDatabase>() : nullptr);
  }
  std::string ask(redis::Command command) {
    const auto reply = client.run(std::move(command));
    return reply.kind == redis::Reply::Kind::integer ? std::to_string(reply.integer) : reply.text;
  }
  std::string field(const std::string& id, const char* name) { return ask({"HGET", keys + id, name}); }
  void until(const std::function<bool()>& holds) {
    for (int i = 0; i < 3000 && !holds(); ++i) {
      events::Gate pause(loop);
      pause.wait(5ms);
    }
    CHECK(holds());
  }
  ~Queue() {
    for (auto& key : client.run({"KEYS", "*" + prefix + "*"}).elements) client.run({"DEL", key.text});
  }
};

void with_queue(const std::function<void(Queue&)>& work) {
  if (!std::getenv("STHENO_TEST_REDIS_URL")) return;
  base::set_log_level(base::LogLevel::error);
  boost::asio::io_context loop(1);
  boost::asio::post(loop, [&] {
    base::spawn_fiber([&] {
      {
        Queue queue(loop);
        work(queue);
      }
      loop.stop();
    });
  });
  loop.run();
  base::set_log_level(base::LogLevel::info);
}

events::Message message(std::string id, std::string options = "{}") {
  return {.id = std::move(id), .name = "order.placed", .data = R"({"id":"order_1"})", .options = std::move(options)};
}

} // namespace

TEST_CASE("a batch is put into the queue as BullMQ has it, and not twice") {
  with_queue([](Queue& queue) {
    const events::Subscribers nobody;
    const auto bus = queue.bus(nobody, R"({"jobOptions": {"removeOnFail": 5}})", false);
    CHECK(bus->interest().everything);
    const std::vector<events::Message> batch = {
        message("job_1"), message("job_2", R"({"delay": 60000, "attempts": 3})"),
        message("job_3", R"({"priority": 2})"), message("job_4", R"({"lifo": true})")};
    bus->deliver(batch);
    bus->deliver(batch); // the reader has died before it deleted the rows
    CHECK(queue.ask({"LRANGE", queue.keys + "wait", "0", "-1"}).empty());
    const auto waiting = queue.client.run({"LRANGE", queue.keys + "wait", "0", "-1"});
    REQUIRE(waiting.elements.size() == 2);
    CHECK(waiting.elements[0].text == "job_1");
    CHECK(waiting.elements[1].text == "job_4"); // the next one
    CHECK(queue.ask({"ZCARD", queue.keys + "delayed"}) == "1");
    CHECK(queue.ask({"ZCARD", queue.keys + "prioritized"}) == "1");
    CHECK(queue.ask({"GET", queue.keys + "id"}) == "4");
    CHECK(queue.field("job_1", "name") == "order.placed");
    CHECK(queue.field("job_1", "data") == R"({"eventName":"order.placed","data":{"id":"order_1"}})");
    CHECK(base::parse_json(queue.field("job_1", "opts")) ==
          base::parse_json(R"({"removeOnComplete":true,"attempts":1,"removeOnFail":5,"jobId":"job_1"})"));
    CHECK(queue.field("job_2", "delay") == "60000");
    CHECK(queue.field("job_3", "priority") == "2");

    // Also when the job is done and gone; what is settled is forgotten.
    queue.client.run({"DEL", queue.keys + "job_1"});
    bus->deliver({message("job_1")});
    CHECK(queue.field("job_1", "name").empty());
    bus->settled();
    bus->deliver({message("job_5")});
    CHECK(queue.ask({"ZCARD", "stheno:" + queue.keys + "handed-over"}) == "1");
    bus->settled();
    bus->close();
    CHECK(queue.ask({"ZCARD", "stheno:" + queue.keys + "handed-over"}) == "0");
  });
}

TEST_CASE("a job is told to all that hear it; where some fail, only they are tried again") {
  with_queue([](Queue& queue) {
    std::string heard;
    events::Subscribers subscribers;
    subscribers.add(
        "order.placed",
        [&](const events::Delivery& delivery) {
          heard += "a" + std::to_string(delivery.attempt) + delivery.message.data;
        },
        "first");
    subscribers.add(
        "order.placed",
        [&](const events::Delivery& delivery) {
          heard += " b" + std::to_string(delivery.attempt) + "/" + std::to_string(delivery.attempts);
          if (delivery.attempt < 3) throw std::runtime_error("no");
        },
        "second");
    subscribers.add(
        "*", [&](const events::Delivery&) { heard += " c"; }, "all");
    const auto bus = queue.bus(
        subscribers, R"({"jobOptions": {"removeOnComplete": false, "backoff": {"type": "exponential", "delay": 5}}})");
    bus->deliver({message("job_1", R"({"attempts": 3})")});
    queue.until([&] { return queue.ask({"ZCARD", queue.keys + "completed"}) == "1"; });
    CHECK(heard == R"(a1{"id":"order_1"} b1/3 c b2/3 b3/3)");
    CHECK(queue.field("job_1", "atm") == "3");
    CHECK(queue.field("job_1", "ats") == "3");
    CHECK(base::parse_json(queue.field("job_1", "data"))["completedSubscriberIds"].dump() == R"(["first","all"])");
    CHECK(base::parse_json(queue.field("job_1", "stacktrace")).size() == 2);
    CHECK(queue.field("job_1", "returnvalue") == "[null]");
    CHECK(queue.ask({"EXISTS", queue.keys + "job_1:lock"}) == "0");
    bus->close();
  });
}

TEST_CASE("a job that fails to the end is kept among the failed; one without attempts is done") {
  with_queue([](Queue& queue) {
    events::Subscribers subscribers;
    subscribers.add(
        "order.placed", [](const events::Delivery&) { throw std::runtime_error("no"); }, "never");
    const auto bus = queue.bus(subscribers);
    bus->deliver({message("job_1", R"({"attempts": 2})"), message("job_2")});
    queue.until([&] {
      return queue.ask({"ZCARD", queue.keys + "failed"}) == "1" && queue.ask({"EXISTS", queue.keys + "job_2"}) == "0";
    });
    CHECK(queue.field("job_1", "atm") == "2");
    CHECK(queue.field("job_1", "failedReason") == "One or more subscribers of order.placed failed. Retrying...");
    CHECK(queue.ask({"LLEN", queue.keys + "active"}) == "0");
    bus->close();
  });
}

TEST_CASE("the job of a worker that has died is taken over; its lock is kept while it lives") {
  with_queue([](Queue& queue) {
    const char* quick = R"({"workerOptions": {"lockDuration": 200, "stalledInterval": 50}})";
    const events::Subscribers nobody;
    const auto producer = queue.bus(nobody, quick, false);
    producer->deliver({message("job_1")});
    // Somebody takes it and is never heard of again.
    events::RedisQueue dead(queue.client, queue.keys);
    events::WorkerOptions short_lived;
    short_lived.lock = 50ms;
    CHECK(dead.take(short_lived, "token").job->id == "job_1");

    int told = 0;
    events::Subscribers subscribers;
    events::Gate pause(queue.loop);
    subscribers.add(
        "order.placed",
        [&](const events::Delivery&) {
          ++told;
          pause.wait(600ms); // three lock durations
        },
        "slow");
    const auto bus = queue.bus(subscribers, quick);
    const auto other = queue.bus(subscribers, quick);
    queue.until([&] { return queue.ask({"EXISTS", queue.keys + "job_1"}) == "0"; });
    CHECK(told == 1);
    other->close();
    bus->close();
    producer->close();
  });
}

TEST_CASE("close waits for what is under way, and no more is taken") {
  with_queue([](Queue& queue) {
    std::string heard;
    events::Subscribers subscribers;
    events::Gate pause(queue.loop);
    subscribers.add(
        "order.placed",
        [&](const events::Delivery& delivery) {
          heard += "<";
          pause.wait(100ms);
          heard += delivery.message.id + ">";
        },
        "slow");
    const auto bus = queue.bus(subscribers);
    bus->deliver({message("job_1"), message("job_2")});
    queue.until([&] { return heard == "<"; });
    bus->close();
    CHECK(heard == "<job_1>");
    CHECK(queue.ask({"LLEN", queue.keys + "wait"}) == "1");
  });
}

TEST_CASE("concurrency and limiter") {
  with_queue([](Queue& queue) {
    int now = 0, most = 0, all = 0;
    events::Subscribers subscribers;
    subscribers.add(
        "order.placed",
        [&](const events::Delivery&) {
          most = std::max(most, ++now);
          events::Gate pause(queue.loop);
          pause.wait(20ms);
          --now;
          ++all;
        },
        "one");
    const auto bus =
        queue.bus(subscribers, R"({"workerOptions": {"concurrency": 3, "limiter": {"max": 4, "duration": 300}}})");
    std::vector<events::Message> batch;
    for (int i = 0; i < 6; ++i) batch.push_back(message("job_" + std::to_string(i)));
    const auto began = events::Gate::Clock::now();
    bus->deliver(batch);
    queue.until([&] { return all == 6; });
    CHECK(most == 3);
    CHECK(events::Gate::Clock::now() - began > 200ms);
    bus->close();
  });
}

// Not a test: a worker for tests/queue, which ends it. Its subscribers say in the list `<prefix>:heard` what
// they heard.
TEST_CASE("queue peer" * doctest::skip()) {
  with_queue([](Queue& queue) {
    const std::string list = std::string(std::getenv("STHENO_TEST_PEER")) + ":heard";
    events::Subscribers subscribers;
    const auto says = [&](const std::string& word) { queue.client.run({"RPUSH", list, word}); };
    subscribers.add(
        "peer.tries", [&](const events::Delivery& delivery) { says("good " + std::to_string(delivery.attempt)); },
        "good");
    subscribers.add(
        "peer.tries",
        [&](const events::Delivery& delivery) {
          says("bad " + std::to_string(delivery.attempt));
          if (delivery.attempt <= base::parse_json(delivery.message.data)["fails"].as_int())
            throw std::runtime_error("not yet");
        },
        "bad");
    subscribers.add(
        "peer.hangs",
        [&](const events::Delivery&) {
          says("hangs");
          for (;;) {
            events::Gate never(queue.loop);
            never.wait(1h);
          }
        },
        "hangs");
    Json module = Json::object();
    module.set("workerOptions", base::parse_json(R"({"lockDuration": 400, "stalledInterval": 100})"));
    const auto bus = events::redis_bus(queue.loop, queue.connection, events::redis_bus_options(module), subscribers,
                                       std::make_unique<events::NoDatabase>());
    says("ready");
    for (;;) {
      events::Gate never(queue.loop);
      never.wait(1h);
    }
  });
}
