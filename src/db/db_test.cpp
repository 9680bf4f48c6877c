// Against a real PostgreSQL: STHENO_TEST_DATABASE_URL names a database in which tests may make tables of their own.
#include "base/fiber.hpp"
#include "base/strings.hpp"
#include "db/errors.hpp"
#include "db/options.hpp"
#include "db/pool.hpp"
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <doctest/doctest.h>
#include <iostream>
#include <thread>

namespace {

// Null where no database is given; says so once.
const char* test_url() {
  static const char* url = [] {
    const char* given = std::getenv("STHENO_TEST_DATABASE_URL");
    if (!given) std::cout << "skipped: tests of src/db need STHENO_TEST_DATABASE_URL\n";
    return given;
  }();
  return url;
}

db::Options test_options() {
  db::Options options;
  options.url = test_url();
  return options;
}

template<class Work> void with_database(Work&& work, db::Options options = test_options()) {
  db::run_blocking(options, work);
}

// A table of its own for one test, gone with it.
struct Table {
  db::Database& database;
  std::string name;
  Table(db::Database& d, std::string n, const std::string& columns) : database(d), name(std::move(n)) {
    database.shared().run(db::Statement::once("DROP TABLE IF EXISTS " + name));
    database.shared().run(db::Statement::once("CREATE TABLE " + name + " (" + columns + ")"));
  }
  ~Table() { database.shared().run(db::Statement::once("DROP TABLE IF EXISTS " + name)); }
  std::int64_t count() {
    return database.shared().run(db::Statement::once("SELECT count(*) FROM " + name)).integer(0, 0);
  }
};

// Runs each on a fiber of its own and returns when all are done. Call on a fiber.
void together(std::vector<std::function<void()>> works) {
  auto* caller = base::current_fiber();
  std::size_t left = works.size();
  bool waiting = false;
  for (auto& work : works)
    base::spawn_fiber([&] {
      work();
      if (--left == 0 && waiting) base::resume_fiber(caller);
    });
  waiting = true;
  while (left > 0) base::suspend_fiber();
}

template<class Work> db::Failure failure_of(Work&& work) {
  try {
    work();
  } catch (const db::DatabaseError& error) {
    return error.failure;
  }
  return {};
}

} // namespace

TEST_CASE("an array literal quotes what needs it") {
  CHECK(db::array_literal({}) == "{}");
  CHECK(db::array_literal({"a", "b,c", "d\"e", "f\\g", "NULL", ""}) == R"({"a","b,c","d\"e","f\\g","NULL",""})");
}

TEST_CASE("equal texts are one statement") {
  CHECK(db::Statement("SELECT 1").id() == db::Statement("SELECT 1").id());
  CHECK(db::Statement("SELECT 1").id() != db::Statement("SELECT 2").id());
  CHECK(db::Statement::once("SELECT 1").id() == 0);
}

TEST_CASE("SQLSTATE becomes an error type and 1.20's words") {
  using base::ErrorType;
  auto duplicate = db::error_from(
      {.sqlstate = "23505", .detail = "Key (email, store)=(a@b.c, x=y) already exists.", .table = "customer"});
  CHECK(duplicate.type == ErrorType::duplicate_error);
  CHECK(std::string(duplicate.what()) == "Customer with email, store a@b.c, x y already exists.");
  auto missing =
      db::error_from({.sqlstate = "23503", .detail = R"(Key (region_id)=(reg_1) is not present in table "region".)"});
  CHECK(missing.type == ErrorType::not_found);
  CHECK(std::string(missing.what()) == "Region with region_id reg_1 does not exist.");
  auto referenced =
      db::error_from({.sqlstate = "23503", .detail = R"(Key (id)=(reg_1) is still referenced from table "cart".)"});
  CHECK(std::string(referenced.what()) == "null");
  auto null = db::error_from({.sqlstate = "23502", .table = "cart", .column = "type"});
  CHECK(null.type == ErrorType::invalid_data);
  CHECK(std::string(null.what()) == "Can't insert null value in field type on insert in table cart");
  CHECK(db::error_from({.sqlstate = "40001"}).retryable());
  CHECK(db::error_from({.sqlstate = "40P01"}).retryable());
  CHECK(db::error_from({.sqlstate = "57P01"}).type == ErrorType::unavailable);
  CHECK(db::error_from({.sqlstate = "08006"}).type == ErrorType::unavailable);
  for (const char* full : {"53100", "53200", "53300", "58030"})
    CHECK(db::error_from({.sqlstate = full}).type == ErrorType::unavailable);
  auto malformed = db::error_from({.sqlstate = "22P02", .message = "invalid input: secret"});
  CHECK(malformed.type == ErrorType::invalid_data);
  CHECK(std::string(malformed.what()).find("secret") == std::string::npos);
  auto other = db::error_from({.sqlstate = "42P01", .message = "relation \"secret\" does not exist"});
  CHECK(other.type == ErrorType::unknown_error);
  CHECK(std::string(other.what()) == "An unknown error occurred.");
}

TEST_CASE("a parameter's field is what it is compared with") {
  const std::string_view sql = "SELECT 1 FROM \"order\" t WHERE t.display_id = $1 AND lower(t.email) = lower($2) AND "
                               "t.id = ANY($3::text[]) AND t.\"value\" >= $4 AND t.title ILIKE $10 AND f($11, $12) "
                               "LIMIT $5::bigint OFFSET $6";
  CHECK(db::field_of(sql, 1) == "display_id");
  CHECK(db::field_of(sql, 2) == "email");
  CHECK(db::field_of(sql, 3) == "id");
  CHECK(db::field_of(sql, 4) == "value");
  CHECK(db::field_of(sql, 5) == "limit");
  CHECK(db::field_of(sql, 6) == "offset");
  CHECK(db::field_of(sql, 10) == "title");
  CHECK(db::field_of(sql, 11) == "");
  CHECK(db::field_of(sql, 12) == "");
  CHECK(db::field_of(sql, 7) == "");
  CHECK(db::field_of("INSERT INTO t (a) VALUES ($1)", 1) == "");
  CHECK(std::string(db::error_from({.sqlstate = "22003", .field = "display_id"}).what()) ==
        "The value of display_id is malformed or out of range.");
}

TEST_CASE("values go in and come out") {
  if (!test_url()) return;
  with_database([](db::Database& database) {
    static const db::Statement values(
        "SELECT $1::text, $2::int, $3::bool, $4::float8, $5::text[], $6::int[], $7::jsonb, $8::text, "
        "$9::timestamptz AS at");
    auto result = database.shared().run(
        values, db::Params::of("a'b\"ö", 42, true, 0.1, std::vector<std::string>{"x,\"y", "z"},
                               std::vector<std::int64_t>{1, -2}, base::parse_json(R"({"a":[1,null]})"),
                               std::optional<std::string>(), *base::parse_iso_time("2026-01-02T03:04:05.678Z")));
    REQUIRE(result.rows() == 1);
    CHECK(result.text(0, 0) == "a'b\"ö");
    CHECK(result.integer(0, 1) == 42);
    CHECK(result.boolean(0, 2));
    CHECK(result.number(0, 3) == 0.1);
    CHECK(result.text(0, 4) == R"({"x,\"y",z})");
    CHECK(result.text(0, 5) == "{1,-2}");
    CHECK(result.text(0, 6) == R"({"a": [1, null]})");
    CHECK(result.is_null(0, 7));
    CHECK(!result.optional_text(0, 7));
    CHECK(result.column("at") == 8);
    CHECK(result.column("AT") == -1);
    CHECK(result.text(0, 8) == "2026-01-02 03:04:05.678+00");
    CHECK(failure_of([&] { database.shared().run(values, db::Params::of(std::string("a\0b", 3))); }).sqlstate ==
          "22021");
  });
}

TEST_CASE("a batch is one implicit transaction, and its statements are counted") {
  if (!test_url()) return;
  with_database([](db::Database& database) {
    Table table(database, "db_test_batch", "id text PRIMARY KEY");
    static const db::Statement insert("INSERT INTO db_test_batch VALUES ($1)");
    auto before = db::statements_sent();
    auto results = database.shared().batch({{insert, db::Params::of("a")}, {insert, db::Params::of("b")}});
    CHECK(results.size() == 2);
    CHECK(results[1].affected() == 1);
    CHECK(db::statements_sent() - before == 2);
    auto failure = failure_of([&] {
      database.shared().batch({{insert, db::Params::of("c")}, {insert, db::Params::of("a")}});
    });
    CHECK(failure.sqlstate == "23505");
    CHECK(failure.constraint == "db_test_batch_pkey");
    CHECK(table.count() == 2);
  });
}

TEST_CASE("a transaction commits with its last batch, rolls back when dropped, and isolates") {
  if (!test_url()) return;
  with_database([](db::Database& database) {
    Table table(database, "db_test_transaction", "id text PRIMARY KEY");
    static const db::Statement insert("INSERT INTO db_test_transaction VALUES ($1)");
    {
      auto transaction = database.begin();
      transaction->batch({{insert, db::Params::of("a")}});
      CHECK(table.count() == 0);
      auto results = transaction->commit({{insert, db::Params::of("b")}});
      CHECK(results.size() == 1);
    }
    CHECK(table.count() == 2);
    // BEGIN, statement and COMMIT in one round trip.
    database.begin()->commit({{insert, db::Params::of("c")}});
    CHECK(table.count() == 3);
    database.begin(db::Isolation::serializable)->batch({{insert, db::Params::of("d")}});
    CHECK(table.count() == 3);
    auto failing = database.begin();
    CHECK(failure_of([&] {
            failing->commit({{insert, db::Params::of("e")}, {insert, db::Params::of("a")}});
          }).sqlstate == "23505");
    CHECK_THROWS_AS(failing->batch({{insert, db::Params::of("f")}}), std::logic_error);
    CHECK(table.count() == 3);
    // Nothing was sent: nothing happens.
    database.begin()->commit();
  });
}

TEST_CASE("more transactions than connections wait their turn") {
  if (!test_url()) return;
  auto options = test_options();
  options.exclusive_connections = 2;
  with_database(
      [](db::Database& database) {
        Table table(database, "db_test_queue", "id int PRIMARY KEY");
        static const db::Statement insert("INSERT INTO db_test_queue VALUES ($1)");
        std::vector<std::function<void()>> works;
        for (int i = 0; i < 50; ++i)
          works.emplace_back([&database, i] {
            auto transaction = database.begin();
            transaction->batch({{insert, db::Params::of(i)}});
            if (i % 5 == 0) return;
            transaction->commit();
          });
        together(std::move(works));
        CHECK(table.count() == 40);
      },
      options);
}

TEST_CASE("a full pool says so after its patience") {
  if (!test_url()) return;
  auto options = test_options();
  options.exclusive_connections = 1;
  options.patience = std::chrono::milliseconds(100);
  with_database(
      [](db::Database& database) {
        static const db::Statement one("SELECT 1");
        auto holder = database.begin();
        holder->batch({{one}});
        CHECK(failure_of([&] { database.begin()->batch({{one}}); }).sqlstate == "08006");
        holder->commit();
        CHECK(database.begin()->batch({{one}}).size() == 1);
      },
      options);
}

TEST_CASE("many fibers share few connections, each gets its own answer or its own failure") {
  if (!test_url()) return;
  with_database([](db::Database& database) {
    static const db::Statement divide("SELECT 100 / $1::int");
    int right = 0, refused = 0;
    std::vector<std::function<void()>> works;
    for (int i = 0; i < 200; ++i)
      works.emplace_back([&, i] {
        int divisor = i % 10;
        try {
          if (database.shared().run(divide, db::Params::of(divisor)).integer(0, 0) == 100 / divisor) ++right;
        } catch (const base::Error& error) {
          if (divisor == 0 && error.type == base::ErrorType::invalid_data) ++refused;
        }
      });
    together(std::move(works));
    CHECK(right == 180);
    CHECK(refused == 20);
  });
}

TEST_CASE("a statement that can't be prepared is tried anew, also by its neighbours on the connection") {
  if (!test_url()) return;
  auto options = test_options();
  options.shared_connections = 1;
  with_database(
      [](db::Database& database) {
        database.shared().run(db::Statement::once("DROP TABLE IF EXISTS db_test_late"));
        static const db::Statement late("SELECT count(*) FROM db_test_late");
        // The second of each pair relies on the name that the first fails to prepare.
        int missing = 0;
        std::vector<std::function<void()>> works(6, [&] {
          if (failure_of([&] { database.shared().run(late); }).sqlstate == "42P01") ++missing;
        });
        together(std::move(works));
        CHECK(missing == 6);
        Table table(database, "db_test_late", "id text");
        CHECK(database.shared().run(late).integer(0, 0) == 0);
      },
      options);
}

TEST_CASE("a change of the schema under a prepared statement is not seen by its caller") {
  if (!test_url()) return;
  with_database([](db::Database& database) {
    Table table(database, "db_test_schema", "id text");
    static const db::Statement all("SELECT * FROM db_test_schema");
    CHECK(database.shared().run(all).columns() == 1);
    database.shared().run(db::Statement::once("ALTER TABLE db_test_schema ADD COLUMN name text"));
    CHECK(database.shared().run(all).columns() == 2);
  });
}

TEST_CASE("a connection that the server ends is replaced") {
  if (!test_url()) return;
  with_database([](db::Database& database) {
    static const db::Statement own("SELECT pg_backend_pid()");
    static const db::Statement end("SELECT pg_terminate_backend($1)");
    auto transaction = database.begin();
    auto pid = transaction->batch({{own}})[0].integer(0, 0);
    database.shared().run(end, db::Params::of(pid));
    try {
      transaction->batch({{own}});
      FAIL("the connection should be gone");
    } catch (const base::Error& error) {
      CHECK(error.type == base::ErrorType::unavailable);
    }
    auto next = database.begin();
    CHECK(next->batch({{own}})[0].integer(0, 0) != pid);
    next->commit();
  });
}

TEST_CASE("large results and large parameters") {
  if (!test_url()) return;
  with_database([](db::Database& database) {
    static const db::Statement echo("SELECT $1::text, repeat('x', $2)");
    std::string text(5'000'000, 'y');
    auto results = database.shared().batch({{echo, db::Params::of(text, 3'000'000)}, {echo, db::Params::of("a", 1)}});
    CHECK(results[0].text(0, 0) == text);
    CHECK(results[0].text(0, 1).size() == 3'000'000);
    CHECK(results[1].text(0, 0) == "a");
  });
}

TEST_CASE("more statements than are kept prepared") {
  if (!test_url()) return;
  with_database([](db::Database& database) {
    for (int i = 0; i < 600; ++i) {
      db::Statement statement("SELECT " + std::to_string(i));
      CHECK(database.shared().run(statement).integer(0, 0) == i);
    }
    CHECK(database.shared().run(db::Statement("SELECT 599")).integer(0, 0) == 599);
  });
}

TEST_CASE("a database that is away is reported within the patience") {
  db::Options options;
  options.url = "postgres://nobody@127.0.0.1:1/none";
  options.patience = std::chrono::hours(1);
  options.patience_while_away = std::chrono::milliseconds(200);
  CHECK_THROWS_AS(db::probe(options), base::Error);
  boost::asio::io_context loop(1);
  auto database = db::open(loop, options);
  int unavailable = 0;
  boost::asio::post(loop, [&] {
    base::spawn_fiber([&] {
      for (int i = 0; i < 2; ++i) {
        try {
          static const db::Statement one("SELECT 1");
          database->shared().run(one);
        } catch (const base::Error& error) {
          if (error.type == base::ErrorType::unavailable) ++unavailable;
        }
      }
      loop.stop();
    });
  });
  loop.run();
  CHECK(unavailable == 2);
}

TEST_CASE("what is known of a pooler: lost sessions are never trusted again") {
  db::Pooler pooler;
  CHECK(pooler.asks());
  CHECK(pooler.pooling() == db::Pooling::unknown);
  pooler.found(db::Pooling::session);
  CHECK(pooler.pooling() == db::Pooling::session);
  CHECK(pooler.loses_sessions());
  CHECK_FALSE(pooler.loses_sessions());
  pooler.found(db::Pooling::none);
  CHECK(pooler.per_transaction());
  CHECK_FALSE(db::Pooler(config::PoolerMode::session).asks());
  CHECK(db::Pooler(config::PoolerMode::transaction).per_transaction());
}

TEST_CASE("a statement's name that a pooler lost: sent again without, and nothing is named from then on") {
  if (!test_url()) return;
  auto options = test_options();
  options.shared_connections = options.exclusive_connections = 1;
  static const db::Statement forget("DEALLOCATE ALL"), one("SELECT 1"),
      names("SELECT count(*) FROM pg_prepared_statements");
  for (const bool in_transaction : {false, true}) {
    options.pooler = std::make_shared<db::Pooler>(config::PoolerMode::none);
    with_database(
        [&](db::Database& database) {
          const auto run = [&](const db::Statement& statement) {
            auto results =
                in_transaction ? database.begin()->commit({{statement}}) : database.shared().batch({{statement}});
            return statement.sql() == forget.sql() ? 0 : results[0].integer(0, 0);
          };
          CHECK(run(one) == 1);
          CHECK(run(names) > 0);
          run(forget);
          // Of a transaction the COMMIT is among the names.
          CHECK(options.pooler->per_transaction() == in_transaction);
          CHECK(run(one) == 1);
          CHECK(options.pooler->per_transaction());
          CHECK(run(one) == 1);
          CHECK(run(names) == 0);
        },
        options);
  }
}

TEST_CASE("where a pooler changes sessions, each transaction brings its settings and leaves none") {
  if (!test_url()) return;
  auto options = test_options();
  options.shared_connections = options.exclusive_connections = 1;
  options.pooler = std::make_shared<db::Pooler>(config::PoolerMode::transaction);
  options.schema = "Shop \"1\"";
  with_database(
      [&](db::Database& database) {
        static const db::Statement settings("SELECT current_setting('random_page_cost'), current_setting('TimeZone'), "
                                            "current_setting('search_path')");
        static const db::Statement names("SELECT count(*) FROM pg_prepared_statements");
        const auto right = [](const db::Result& row) {
          return row.text(0, 0) == "1.1" && row.text(0, 1) == "UTC" && row.text(0, 2) == "\"Shop \"\"1\"\"\"";
        };
        const auto before = db::statements_sent();
        CHECK(right(database.shared().run(settings)));
        CHECK(db::statements_sent() - before == 1);
        auto transaction = database.begin();
        CHECK(right(transaction->batch({{settings}})[0]));
        CHECK(right(transaction->batch({{settings}})[0]));
        CHECK(right(transaction->commit({{settings}})[0]));
        CHECK(database.shared().run(names).integer(0, 0) == 0);
        std::vector<std::function<void()>> works;
        int done = 0;
        for (int i = 0; i < 40; ++i)
          works.emplace_back([&] {
            if (right(database.shared().run(settings))) ++done;
          });
        together(std::move(works));
        CHECK(done == 40);
      },
      options);
}
