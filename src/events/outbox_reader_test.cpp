// Against a real PostgreSQL; see src/db/db_test.cpp for STHENO_TEST_DATABASE_URL.
#include "db/pool.hpp"
#include "events/bell.hpp"
#include "events/event.hpp"
#include "events/gate_impl.hpp"
#include "events/local_bus.hpp"
#include "events/outbox_reader.hpp"
#include <condition_variable>
#include <cstdlib>
#include <doctest/doctest.h>
#include <mutex>
#include <stdexcept>

using namespace std::chrono_literals;

namespace {

constexpr auto kNever = std::chrono::hours(1);

db::Options options() {
  db::Options options;
  options.url = std::getenv("STHENO_TEST_DATABASE_URL");
  options.schema = "events_test";
  return options;
}

// The outbox, empty, in a schema of its own.
void with_outbox(const std::function<void(db::Database&)>& work) {
  if (!std::getenv("STHENO_TEST_DATABASE_URL")) return;
  db::run_blocking(options(), [&](db::Database& database) {
    for (const char* sql : {"DROP SCHEMA IF EXISTS events_test CASCADE", "CREATE SCHEMA events_test",
                            "CREATE TABLE staged_job (id varchar PRIMARY KEY, event_name varchar NOT NULL, "
                            "data jsonb NOT NULL, options jsonb NOT NULL DEFAULT '{}')"})
      database.shared().run(db::Statement::once(sql));
    work(database);
    database.shared().run(db::Statement::once("DROP SCHEMA events_test CASCADE"));
  });
}

void stage(db::Session& session, const std::vector<std::string>& names) {
  std::vector<events::Event> staged;
  for (const auto& name : names) staged.push_back({name, base::JsonObject{{"id", name}}});
  const auto query = events::stage(staged);
  session.run(query.statement, query.params);
}

std::int64_t count(db::Database& database) {
  return database.shared().run(db::Statement::once("SELECT count(*) FROM staged_job")).integer(0, 0);
}

// What buses on other threads were given, and whether a test still waits for it.
class Heard {
 public:
  void add(std::string word) {
    const std::lock_guard lock(mutex_);
    words_.push_back(std::move(word));
    changed_.notify_all();
  }
  // All of them, once there are that many.
  std::vector<std::string> wait_for(std::size_t most) {
    std::unique_lock lock(mutex_);
    CHECK(changed_.wait_for(lock, 30s, [&] { return words_.size() >= most; }));
    return words_;
  }
  std::vector<std::string> words() { return wait_for(0); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> words_;
};

class RecordingBus final : public events::EventBus {
 public:
  RecordingBus(Heard& heard, std::function<void()> meanwhile) : heard_(heard), meanwhile_(std::move(meanwhile)) {}
  events::Interest interest() const override { return {.everything = false, .names = {"cart.created"}}; }
  void deliver(std::vector<events::Message> messages) override {
    if (meanwhile_) meanwhile_();
    for (const auto& message : messages) heard_.add(message.name + message.data + message.options);
  }

 private:
  Heard& heard_;
  std::function<void()> meanwhile_;
};

events::MakeBus recording(Heard& heard, std::function<void()> meanwhile = {}) {
  return [&heard, meanwhile = std::move(meanwhile)](boost::asio::io_context&) {
    return std::make_unique<RecordingBus>(heard, meanwhile);
  };
}

// Blocks this thread, not the readers', until the outbox is empty.
void wait_until_empty(db::Database& database) {
  const auto end = std::chrono::steady_clock::now() + 30s;
  while (count(database) > 0 && std::chrono::steady_clock::now() < end)
    database.shared().run(db::Statement::once("SELECT pg_sleep(0.01)"));
  CHECK(count(database) == 0);
}

} // namespace

TEST_CASE("what is in the outbox is delivered oldest first, then deleted; data only of what is heard") {
  with_outbox([](db::Database& database) {
    stage(database.shared(), {"order.placed", "cart.created", "cart.updated"});
    Heard heard;
    events::OutboxReader reader(options(), recording(heard), {.poll = kNever});
    reader.start();
    CHECK(heard.wait_for(3) ==
          std::vector<std::string>{"order.placed", R"(cart.created{"id": "cart.created"}{})", "cart.updated"});
    wait_until_empty(database);
    CHECK(reader.stop());
  });
}

TEST_CASE("a commit's ring is enough: nobody waits for the poll") {
  with_outbox([](db::Database& database) {
    Heard heard;
    events::OutboxReader reader(options(), recording(heard), {.poll = kNever});
    reader.start();
    for (std::size_t turn = 1; turn <= 5; ++turn) {
      stage(database.shared(), {"order.placed"});
      events::staged();
      CHECK(heard.wait_for(turn).size() == turn);
    }
    // Committed just before the end: delivered with it.
    stage(database.shared(), {"order.placed"});
    events::staged();
    CHECK(reader.stop());
    CHECK(heard.words().size() == 6);
    CHECK(count(database) == 0);
    // Nobody reads any more.
    stage(database.shared(), {"order.placed"});
    events::staged();
    CHECK(count(database) == 1);
  });
}

TEST_CASE("the poll finds what nobody rang for, and more than one batch") {
  with_outbox([](db::Database& database) {
    Heard heard;
    events::OutboxReader reader(options(), recording(heard), {.batch = 2, .poll = 10ms});
    reader.start();
    stage(database.shared(), {"a", "b", "c", "d", "e"});
    CHECK(heard.wait_for(5) == std::vector<std::string>{"a", "b", "c", "d", "e"});
    wait_until_empty(database);
  });
}

TEST_CASE("several readers deliver each row once") {
  with_outbox([](db::Database& database) {
    Heard heard;
    std::vector<std::unique_ptr<events::OutboxReader>> readers;
    const events::OutboxOptions eager{.batch = 7, .poll = 1ms, .gather = 0ms};
    for (int i = 0; i < 3; ++i) {
      readers.push_back(std::make_unique<events::OutboxReader>(options(), recording(heard), eager));
      readers.back()->start();
    }
    std::vector<std::string> names;
    for (int i = 0; i < 300; ++i) names.push_back("event " + std::to_string(1000 + i));
    for (std::size_t i = 0; i < names.size(); i += 10)
      stage(database.shared(), std::vector(names.begin() + static_cast<std::ptrdiff_t>(i),
                                           names.begin() + static_cast<std::ptrdiff_t>(i) + 10));
    heard.wait_for(names.size());
    wait_until_empty(database);
    for (auto& reader : readers) CHECK(reader->stop());
    auto words = heard.words();
    std::sort(words.begin(), words.end());
    CHECK(words == names);
  });
}

TEST_CASE("rows that another one has in hand are left to it, and delivered when it dies") {
  with_outbox([](db::Database& database) {
    stage(database.shared(), {"theirs"});
    auto other = database.begin();
    other->batch({{db::Statement::once("SELECT id FROM staged_job FOR UPDATE")}});
    stage(database.shared(), {"ours"});
    Heard heard;
    events::OutboxReader reader(options(), recording(heard), {.poll = 10ms});
    reader.start();
    CHECK(heard.wait_for(1) == std::vector<std::string>{"ours"});
    other->rollback();
    CHECK(heard.wait_for(2) == std::vector<std::string>{"ours", "theirs"});
    wait_until_empty(database);
  });
}

TEST_CASE("what a bus can't take is kept and offered again") {
  with_outbox([](db::Database& database) {
    Heard heard;
    std::atomic<int> attempts = 0;
    events::OutboxReader reader(options(),
                                recording(heard,
                                          [&] {
                                            if (++attempts < 3) throw std::runtime_error("the queue is away");
                                          }),
                                {.poll = 10ms});
    stage(database.shared(), {"a", "b"});
    reader.start();
    CHECK(heard.wait_for(2) == std::vector<std::string>{"a", "b"});
    wait_until_empty(database);
    CHECK(attempts == 3);
  });
}

TEST_CASE("a lost connection costs nothing but a repetition") {
  with_outbox([](db::Database& database) {
    Heard heard;
    std::atomic<int> attempts = 0;
    auto end_others = [&] {
      if (++attempts > 1) return;
      db::run_blocking(options(), [](db::Database& own) {
        own.shared().run(db::Statement::once(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' "
            "AND query LIKE '%FROM staged_job ORDER BY id%'"));
      });
    };
    events::OutboxReader reader(options(), recording(heard, end_others), {.poll = 10ms});
    stage(database.shared(), {"a"});
    reader.start();
    CHECK(heard.wait_for(2) == std::vector<std::string>{"a", "a"});
    wait_until_empty(database);
  });
}

TEST_CASE("subscribers have a database, and stopping waits for them, but not for ever") {
  with_outbox([](db::Database& database) {
    Heard heard;
    events::Subscribers subscribers;
    subscribers.add("order.placed", [&](const events::Delivery& delivery) {
      heard.add("began");
      auto transaction = delivery.database.begin();
      transaction->batch({{db::Statement::once("SELECT pg_sleep(0.2)")}});
      transaction->commit();
      heard.add("ended");
    });
    const auto local = [&](boost::asio::io_context& loop) {
      return events::local_bus(loop, subscribers, db::open(loop, options()), {.patience = 1ms});
    };
    stage(database.shared(), {"order.placed"});
    events::OutboxReader reader(options(), local, {.poll = kNever});
    reader.start();
    heard.wait_for(1);
    CHECK(reader.stop());
    CHECK(heard.words().size() == 2);
    CHECK(count(database) == 0);
#ifndef __SANITIZE_ADDRESS__ // what is abandoned is never freed
    stage(database.shared(), {"order.placed"});
    events::OutboxReader hasty(options(), local, {.poll = kNever});
    hasty.start();
    heard.wait_for(3);
    CHECK(!hasty.stop(0ms));
    CHECK(heard.words().size() == 3);
#endif
  });
}

TEST_CASE("a bus that can't be made ends the start") {
  const auto failing = [](boost::asio::io_context&) -> std::unique_ptr<events::EventBus> {
    throw std::runtime_error("no bus");
  };
  events::OutboxReader reader(db::Options(), failing);
  CHECK_THROWS_WITH_AS(reader.start(), "no bus", std::runtime_error);
  CHECK(reader.stop());
}
