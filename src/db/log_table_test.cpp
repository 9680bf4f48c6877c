// How PostgreSQL plans the questions to the logs: against a real one, where STHENO_TEST_DATABASE_URL names a database.
#include "db/change_log.hpp"
#include "db/kept_rows.hpp"
#include "db/log_table.hpp"
#include "db/options.hpp"
#include "db/pool.hpp"
#include "db/row_log.hpp"
#include <cstdlib>
#include <doctest/doctest.h>

namespace {

std::string plan_of(db::Session& session, const std::string& sql, std::string_view types, std::string_view values) {
  session.run(db::Statement::once("PREPARE log_question (" + std::string(types) + ") AS " + sql));
  const auto lines = session.run(db::Statement::once("EXPLAIN EXECUTE log_question (" + std::string(values) + ")"));
  session.run(db::Statement::once("DEALLOCATE log_question"));
  std::string plan;
  for (int row = 0; row < lines.rows(); ++row) plan.append(lines.text(row, 0)).append("\n");
  return plan;
}

void check_plans(db::Session& session, const std::string& note) {
  static db::ChangeLog log(db::kCatalogue, "NULL::timestamptz", db::ChangeLog::Rows{"lt_thing", "id"});
  for (const std::string cost : {"1.1", "4"}) {
    session.run(db::Statement::once("SET LOCAL random_page_cost = " + cost));
    INFO(note << ", random_page_cost " << cost);
    const auto look = log.look();
    const auto changed = plan_of(session, look.query.statement.sql(), "timestamptz, pg_snapshot, timestamptz",
                                 "pg_postmaster_start_time(), '100:100:', now()");
    CHECK(changed.find("Seq Scan on stheno_change") == std::string::npos);
    CHECK(changed.find("stheno_change_transaction") != std::string::npos);
    CHECK(changed.find("Seq Scan on stheno_row_change") == std::string::npos);
    const auto rows = plan_of(session, db::row_log_question().sql(), "timestamptz, pg_snapshot, timestamptz",
                              "pg_postmaster_start_time(), '100:100:', now()");
    CHECK(rows.find("Seq Scan on stheno_row_change") == std::string::npos);
    CHECK(rows.find("stheno_row_change_transaction") != std::string::npos);
  }
}

} // namespace

TEST_CASE(
    "the question to a log goes by its index, however many rows there are and whatever PostgreSQL knows of them") {
  const char* url = std::getenv("STHENO_TEST_DATABASE_URL");
  if (!url) return;
  db::Options options;
  options.url = url;
  db::run_blocking(options, [](db::Database& database) {
    db::install_change_log(database, {}, db::Watch::changes);
    db::install_row_log(database, {});
    auto transaction = database.begin(); // rolled back
    transaction->run(db::Statement::once("SET LOCAL plan_cache_mode = force_generic_plan"));
    int rows = 0;
    for (const int wanted : {0, 13'000, 100'000}) {
      const auto more = " SELECT x::text::xid8 FROM generate_series(" + std::to_string(rows + 1) + ", " +
                        std::to_string(wanted) + ") x";
      rows = wanted;
      for (const auto log : db::log_tables())
        transaction->run(db::Statement::once("INSERT INTO " + std::string(log) + " (transaction)" + more));
      check_plans(*transaction, std::to_string(wanted) + " rows");
      for (const auto log : db::log_tables()) transaction->run(db::Statement::once("ANALYZE " + std::string(log)));
      check_plans(*transaction, std::to_string(wanted) + " rows, analysed");
    }
  });
}

TEST_CASE("what a transaction writes after it has looked is told to others when it is committed") {
  const char* url = std::getenv("STHENO_TEST_DATABASE_URL");
  if (!url) return;
  db::Options options;
  options.url = url;
  db::run_blocking(options, [](db::Database& database) {
    const auto run = [](db::Session& session, const char* sql) { session.run(db::Statement::once(sql)); };
    run(database.shared(), "DROP TABLE IF EXISTS lt_thing");
    run(database.shared(), "CREATE TABLE lt_thing (id text PRIMARY KEY, title text)");
    run(database.shared(), "INSERT INTO lt_thing VALUES ('a', 'old')");
    const std::vector<db::LoggedTable> tables{{"lt_thing", {"id"}}};
    db::install_row_log(database, tables);
    db::KeptRows rows(tables, 100'000);
    const auto look = [&](db::Session& session) {
      auto command = rows.look();
      const auto result = session.run(command.statement, command.params);
      rows.judge(result);
      return result.is_null(0, 4) ? std::string() : std::string(result.text(0, 5));
    };
    look(database.shared());
    auto transaction = database.begin();
    run(*transaction, "SELECT pg_current_xact_id()");
    run(database.shared(), "CREATE TABLE lt_younger ()"); // begins later, and commits first
    run(database.shared(), "DROP TABLE lt_younger");
    CHECK(look(*transaction).empty());
    run(*transaction, "UPDATE lt_thing SET title = 'new'");
    transaction->commit();
    CHECK(look(database.shared()) == "{id=a}");
    CHECK(look(database.shared()).empty());
    run(database.shared(), "DROP TABLE lt_thing");
  });
}

TEST_CASE("a table whose rows are told begins no generation, but where all of them may have changed") {
  const char* url = std::getenv("STHENO_TEST_DATABASE_URL");
  if (!url) return;
  db::Options options;
  options.url = url;
  db::run_blocking(options, [](db::Database& database) {
    const auto run = [&](const char* sql) { database.shared().run(db::Statement::once(sql)); };
    run("DROP TABLE IF EXISTS lt_sold");
    run("CREATE TABLE lt_sold (id text PRIMARY KEY, thing text, stock integer NOT NULL DEFAULT 9)");
    run("INSERT INTO lt_sold VALUES ('a', 'mug'), ('b', 'mug'), ('c', 'cup')");
    const std::string_view watched[]{"lt_sold"};
    db::install_change_log(database, watched, db::Watch::changes);
    const std::vector<db::LoggedTable> tables{{"lt_sold", {"id", "thing"}}};
    db::install_row_log(database, tables);
    db::stop_watching(database, "lt_sold");
    db::stop_watching(database, "lt_sold");
    db::ChangeLog log(db::kCatalogue, "NULL::timestamptz", db::ChangeLog::Rows{"lt_sold", "thing"});
    using Names = std::vector<std::string>;
    Names told;
    const auto look = [&] {
      auto look = log.look();
      const auto result = database.shared().run(look.query.statement, look.query.params);
      told = db::ChangeLog::changed_rows(result);
      return log.judge(look, result);
    };
    const auto first = look();
    REQUIRE(first.has_value());
    run("UPDATE lt_sold SET stock = stock - 1 WHERE id IN ('a', 'b')");
    CHECK(look() == first);
    CHECK(told == Names{"mug"});
    CHECK(look() == first);
    CHECK(told.empty());
    run("UPDATE lt_sold SET thing = 'cup' WHERE id = 'b'");
    run("DELETE FROM lt_sold WHERE id = 'c'");
    CHECK(look() == first);
    CHECK(told == Names{"cup", "mug"});
    run("TRUNCATE lt_sold");
    const auto second = look();
    CHECK((second.has_value() && second != first));
    CHECK(told.empty());
    run("INSERT INTO lt_sold SELECT x::text, 'mug' FROM generate_series(1, 400) x");
    CHECK(look() != second);
    run("DROP TABLE lt_sold");
  });
}
