// Call against a real PostgreSQL; see src/db/db_test.cpp for STHENO_TEST_DATABASE_URL.
#include "config/config.hpp"
#include "db/errors.hpp"
#include "db/options.hpp"
#include "events/bell.hpp"
#include "ports/call.hpp"
#include "ports/outside.hpp"
#include <cstdlib>
#include <doctest/doctest.h>
#include <poll.h>

namespace {

// The outbox, empty, in a schema of its own; a counter beside it.
void with_call(const std::function<void(db::Database&, ports::Call&)>& work) {
  const char* url = std::getenv("STHENO_TEST_DATABASE_URL");
  if (!url) return;
  db::Options options;
  options.url = url;
  options.schema = "ports_call_test";
  db::run_blocking(options, [&](db::Database& database) {
    for (const char* sql :
         {"DROP SCHEMA IF EXISTS ports_call_test CASCADE", "CREATE SCHEMA ports_call_test",
          "CREATE TABLE staged_job (id varchar PRIMARY KEY, event_name varchar NOT NULL, data jsonb NOT NULL, "
          "options jsonb NOT NULL DEFAULT '{}')",
          "CREATE TABLE counter (id int PRIMARY KEY, value int)", "INSERT INTO counter VALUES (1, 0), (2, 0)"})
      database.shared().run(db::Statement::once(sql));
    config::Config config;
    schema::Flags flags;
    ports::Call call(database, config, flags);
    work(database, call);
    database.shared().run(db::Statement::once("DROP SCHEMA ports_call_test CASCADE"));
  });
}

const db::Statement& increment() {
  static const db::Statement statement("UPDATE counter SET value = value + 1 WHERE id = 1");
  return statement;
}

std::int64_t value(db::Database& database) {
  return database.shared().run(db::Statement::once("SELECT value FROM counter WHERE id = 1")).integer(0, 0);
}

db::Result staged(db::Database& database) {
  return database.shared().run(db::Statement::once("SELECT id, event_name, data, options FROM staged_job ORDER BY id"));
}

} // namespace

TEST_CASE("a transaction and its events commit together, in one statement more") {
  with_call([](db::Database& database, ports::Call& call) {
    auto before = db::statements_sent();
    int result = call.atomic([&] {
      call.db().run(increment());
      call.emit("cart.created", base::parse_json(R"({"id":"cart_1"})"));
      return call.atomic([&] {
        CHECK(call.db().in_transaction());
        call.emit("cart.updated", base::parse_json(R"({"id":"cart_1"})"));
        call.write_last(increment());
        CHECK(staged(database).rows() == 0);
        return 7;
      });
    });
    CHECK(db::statements_sent() - before == 6); // BEGIN, three writes and the COMMIT; one is the test's own
    CHECK(result == 7);
    CHECK(value(database) == 2);
    auto rows = staged(database);
    REQUIRE(rows.rows() == 2);
    CHECK(rows.text(0, 0).starts_with("job_"));
    CHECK(rows.text(0, 1) == "cart.created");
    CHECK(rows.text(1, 1) == "cart.updated");
    CHECK(rows.text(0, 2) == R"({"id": "cart_1"})");
    CHECK(rows.text(0, 3) == "{}");
    CHECK(!call.db().in_transaction());
  });
}

TEST_CASE("a failure forgets writes, last writes and events") {
  with_call([](db::Database& database, ports::Call& call) {
    CHECK_THROWS_AS(call.atomic([&] {
      call.db().run(increment());
      call.write_last(increment());
      call.emit("cart.created", base::Json::object());
      throw base::Error::not_allowed("no");
    }),
                    base::Error);
    call.atomic([&] { call.db().run(increment()); });
    CHECK(value(database) == 1);
    CHECK(staged(database).rows() == 0);
    call.emit("cart.created", nullptr);
    CHECK(staged(database).rows() == 1);
  });
}

TEST_CASE("what is written last is seen by the next statement of the transaction, for no round trip more") {
  with_call([](db::Database& database, ports::Call& call) {
    static const db::Statement look("SELECT value FROM counter WHERE id = 1");
    call.atomic([&] {
      call.write_last(increment());
      call.atomic([&] {
        auto results = call.db().batch({{look}, {look}});
        REQUIRE(results.size() == 2);
        CHECK(results[0].integer(0, 0) == 1);
      });
      call.write_last(increment());
      call.write_last(increment());
      CHECK(call.db().run(look).integer(0, 0) == 3);
      call.write_last(increment());
    });
    CHECK(value(database) == 4);
  });
}

TEST_CASE("a step can fail alone, by a refusal or by the database, and what was recorded in it goes with it") {
  with_call([](db::Database& database, ports::Call& call) {
    static const db::Statement twice("INSERT INTO counter VALUES (1, 0)");
    call.atomic([&] {
      call.write_last(increment());
      call.emit("cart.created", nullptr);
      // Before anything was sent.
      CHECK_THROWS_AS(call.attempt([&] {
        call.write_last(increment());
        call.emit("cart.updated", nullptr);
        throw base::Error::not_allowed("no");
      }),
                      base::Error);
      // By the database, in a step of a step.
      CHECK_THROWS_AS(call.attempt([&] {
        call.db().run(increment());
        call.write_last(increment());
        call.atomic([&] { call.db().run(twice); });
      }),
                      base::Error);
      // One inside another: the inner one alone is taken back.
      call.attempt([&] {
        call.db().run(increment());
        CHECK_THROWS_AS(call.attempt([&] {
          call.db().run(increment());
          call.db().run(twice);
        }),
                        base::Error);
        call.write_last(increment());
      });
      CHECK(call.attempt([&] { return 7; }) == 7);
    });
    CHECK(value(database) == 3);
    CHECK(staged(database).rows() == 1);
    // Where no transaction is open, an attempt is one.
    CHECK_THROWS_AS(call.attempt([&] {
      call.db().run(increment());
      throw base::Error::not_allowed("no");
    }),
                    base::Error);
    CHECK(value(database) == 3);
  });
}

TEST_CASE("a failed step that was not an attempt can't be passed over") {
  with_call([](db::Database& database, ports::Call& call) {
    const auto pass_over = [&](const std::function<void()>& then) {
      call.atomic([&] {
        try {
          call.atomic([&] {
            call.db().run(increment());
            throw base::Error::not_allowed("no");
          });
        } catch (const base::Error&) {
        }
        then();
      });
    };
    CHECK_THROWS_AS(pass_over([] {}), std::logic_error);
    CHECK_THROWS_AS(pass_over([&] { call.db().run(increment()); }), std::logic_error);
    CHECK(value(database) == 0);
  });
}

TEST_CASE("a transaction that asks runs again with the answer, and one that is disturbed doesn't ask again") {
  with_call([](db::Database& database, ports::Call& call) {
    struct Echo final : ports::Outside {
      base::Json ask(const ports::Ask& ask) override { return asked++, ask.arguments; }
      int asked = 0;
    } echo;
    call.outside = &echo;
    static const db::Statement read("SELECT value FROM counter WHERE id = 1");
    int runs = 0;
    std::vector<std::string> ids;
    const auto answer = call.atomic(
        [&] {
          ++runs;
          call.db().run(read);
          ids.push_back(call.same_id("order", "it"));
          const auto given =
              call.ask({.port = "test", .provider = "echo", .method = "echo", .key = "it", .arguments = 7});
          if (runs == 2) database.shared().run(increment());
          call.db().run(increment());
          return given;
        },
        db::Isolation::repeatable_read);
    CHECK(answer == base::Json(7));
    CHECK(runs == 3);
    CHECK(echo.asked == 1);
    CHECK((ids[0] == ids[1] && ids[1] == ids[2]));
    CHECK(value(database) == 2);
  });
}

TEST_CASE("a commit that staged events rings, once it is done, and no other does") {
  with_call([](db::Database&, ports::Call& call) {
    events::Bell bell;
    events::hang(bell);
    const auto rang = [&] {
      pollfd descriptor{bell.descriptor(), POLLIN, 0};
      const bool readable = ::poll(&descriptor, 1, 0) == 1;
      bell.answer();
      return readable;
    };
    call.atomic([&] { call.db().run(increment()); });
    CHECK(!rang());
    call.atomic([&] {
      call.db().run(increment());
      call.emit("cart.created", base::Json::object());
      CHECK(!rang());
    });
    CHECK(rang());
    call.emit("cart.created", base::Json::object());
    CHECK(rang());
    CHECK_THROWS_AS(call.atomic([&] {
      call.emit("cart.created", base::Json::object());
      throw base::Error::not_allowed("no");
    }),
                    base::Error);
    CHECK(!rang());
  });
}

TEST_CASE("a long transaction writes its events bit by bit, and a failed step takes back its own alone") {
  with_call([](db::Database& database, ports::Call& call) {
    const auto many = [&](const char* name) {
      for (int i = 0; i < 2500; ++i) call.emit(name, base::Json::object());
    };
    CHECK_THROWS_AS(call.atomic([&] {
      many("cart.created");
      throw base::Error::not_allowed("no");
    }),
                    base::Error);
    CHECK(staged(database).rows() == 0);
    call.atomic([&] {
      many("cart.created");
      CHECK_THROWS_AS(call.attempt([&] {
        many("cart.updated");
        throw base::Error::not_allowed("no");
      }),
                      base::Error);
      call.attempt([&] { many("order.placed"); });
      // Those that have been written, of many small steps, too: the last step alone is on its way.
      for (int i = 0; i < 30; ++i)
        call.attempt([&] {
          for (int one = 0; one < 100; ++one) call.emit("order.canceled", base::Json::object());
        });
      const auto written =
          call.db().run(db::Statement::once("SELECT count(*) FROM staged_job WHERE event_name = 'order.canceled'"));
      CHECK(written.integer(0, 0) >= 1500);
    });
    const auto rows = database.shared().run(
        db::Statement::once("SELECT event_name, count(*) FROM staged_job GROUP BY event_name ORDER BY event_name"));
    REQUIRE(rows.rows() == 3);
    CHECK(rows.text(0, 0) == "cart.created");
    CHECK(rows.integer(0, 1) == 2500);
    CHECK(rows.text(1, 0) == "order.canceled");
    CHECK(rows.integer(1, 1) == 3000);
    CHECK(rows.text(2, 0) == "order.placed");
    CHECK(rows.integer(2, 1) == 2500);
  });
}

TEST_CASE("a serialization failure runs the work again, at most three times in all") {
  with_call([](db::Database& database, ports::Call& call) {
    static const db::Statement read("SELECT value FROM counter WHERE id = 1");
    int runs = 0;
    auto disturbed = [&](int times) {
      runs = 0;
      call.atomic(
          [&] {
            ++runs;
            call.emit("cart.updated", base::Json::object());
            call.db().run(read);
            if (runs <= times) database.shared().run(increment());
            call.db().run(increment());
          },
          db::Isolation::repeatable_read);
    };
    disturbed(2);
    CHECK(runs == 3);
    CHECK(value(database) == 3);
    CHECK(staged(database).rows() == 1);
    CHECK_THROWS_AS(disturbed(3), db::DatabaseError);
    CHECK(runs == 3);
  });
}
