// What is kept, dropped and refused, by answers of the log that are made up; and the log itself, against a real PostgreSQL
// where STHENO_TEST_DATABASE_URL names one.
#include "db/kept_rows.hpp"
#include "db/made_result.hpp"
#include "db/options.hpp"
#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <iostream>

namespace {

using Row = std::vector<std::optional<std::string>>;

const std::vector<db::LoggedTable> kTables{
    {"kr_product", {"id"}}, {"kr_variant", {"id", "product_id"}}, {"kr_tag", {"id"}}};

// What the log answers: the changes of these tables, each with its keys (nullopt: the whole table).
db::Result answer(const std::vector<std::pair<std::string, std::optional<std::string>>>& changes, bool all = false,
                  bool own = false) {
  const Row head{all ? "t" : "f", "10:10:", "10", "2026-01-01 00:00:00+00"};
  std::vector<Row> rows;
  for (const auto& [table, keys] : changes) {
    Row row = head;
    row.insert(row.end(), {table, keys, own ? "t" : "f"});
    rows.push_back(row);
  }
  if (rows.empty()) {
    rows.push_back(head);
    rows.back().insert(rows.back().end(), {std::nullopt, std::nullopt, std::nullopt});
  }
  return db::made_result(rows);
}

db::PackedRowsPtr packed(const std::vector<Row>& rows) {
  const auto result = db::made_result(rows);
  std::vector<int> all;
  for (int row = 0; row < result.rows(); row++) all.push_back(row);
  return std::make_shared<const db::PackedRows>(result, all);
}

struct Shop {
  db::KeptRows rows{kTables, 100'000};
  db::Kept variants{db::Statement("SELECT kr variants"), 1, {{"kr_variant", "product_id"}}};
  db::Kept product{db::Statement("SELECT kr product"), 0, {{"kr_product", "id"}}};
  db::Kept tags{db::Statement("SELECT kr tags"), 1, {{"kr_product", "id"}, {"kr_tag", ""}}};

  bool has(const db::Kept& kept, const std::string& key) { return rows.find(kept, {&key, 1}).front() != nullptr; }
  void keep(const db::Kept& kept, const std::string& key, db::KeptRows::Confirmed confirmed) {
    rows.keep(kept, key, packed({{key, "text"}}), confirmed);
  }
};

} // namespace

TEST_CASE("kept rows: what the log names is dropped, and nothing else") {
  Shop shop;
  const auto first = shop.rows.judge(answer({}, true));
  CHECK(first > 0);
  for (const char* key : {"a", "b"}) {
    shop.keep(shop.variants, key, first);
    shop.keep(shop.product, key, first);
    shop.keep(shop.tags, key, first);
  }
  CHECK(shop.rows.judge(answer({})) == first);
  CHECK(shop.has(shop.variants, "a"));

  shop.rows.judge(answer({{"kr_variant", R"({id=v1,product_id=a})"}}));
  CHECK(!shop.has(shop.variants, "a"));
  CHECK(shop.has(shop.variants, "b"));
  CHECK(shop.has(shop.product, "a"));

  shop.rows.judge(answer({{"kr_tag", "{id=t1}"}})); // of any product
  CHECK(!shop.has(shop.tags, "a"));
  CHECK(!shop.has(shop.tags, "b"));

  shop.rows.judge(answer({{"kr_product", std::nullopt}})); // the whole table
  CHECK(!shop.has(shop.product, "a"));
  CHECK(!shop.has(shop.product, "b"));
  CHECK(shop.has(shop.variants, "b"));

  shop.rows.judge(answer({{"not_ours", "{id=1}"}}));
  CHECK(shop.has(shop.variants, "b"));
  shop.rows.judge(answer({}, true));
  CHECK(!shop.has(shop.variants, "b"));
}

TEST_CASE("kept rows: what was read before a change was heard of is not kept") {
  Shop shop;
  const auto slow = shop.rows.judge(answer({}, true));
  const auto quick = shop.rows.judge(answer({{"kr_product", "{id=a}"}}));
  shop.keep(shop.product, "a", slow); // it may have been read before the change
  CHECK(!shop.has(shop.product, "a"));
  shop.keep(shop.variants, "a", slow); // of another table, of which nothing was heard
  CHECK(shop.has(shop.variants, "a"));
  shop.keep(shop.product, "a", quick);
  CHECK(shop.has(shop.product, "a"));
}

TEST_CASE("kept rows: a transaction that has changed some itself is told to read") {
  Shop shop;
  shop.rows.judge(answer({}, true));
  CHECK(shop.rows.judge(answer({{"kr_product", "{id=a}"}}, false, true)) == 0);
  CHECK(shop.rows.judge(answer({})) > 0);
}

TEST_CASE("kept rows: a bounded number of bytes, those that were used last") {
  Shop shop;
  const auto confirmed = shop.rows.judge(answer({}, true));
  for (int i = 0; i < 2000; i++) {
    shop.keep(shop.product, std::to_string(i), confirmed);
    CHECK(shop.has(shop.product, "0"));
  }
  CHECK(shop.rows.figures().bytes <= 100'000);
  CHECK(shop.rows.figures().entries > 100);
  CHECK(shop.has(shop.product, "1999"));
  CHECK(!shop.has(shop.product, "1"));
  shop.rows.keep(shop.product, "large", packed({{"large", std::string(50'000, 'x')}}), confirmed);
  CHECK(!shop.has(shop.product, "large"));
  CHECK(shop.has(shop.product, "0"));
}

TEST_CASE("kept rows: the cells come back as they were") {
  const auto one = packed({{"a", std::nullopt, ""}, {"b", "long text", "c"}});
  const auto two = packed({{"d", "e", std::nullopt}});
  const std::vector<db::PackedRowsPtr> both{one, packed({}), two};
  const std::vector<int> columns{2, 0};
  const auto result = db::result_of(both, columns);
  REQUIRE(result.rows() == 3);
  CHECK(result.columns() == 2);
  CHECK(result.optional_text(0, 0) == "");
  CHECK(result.text(1, 0) == "c");
  CHECK(result.is_null(2, 0));
  CHECK(result.text(2, 1) == "d");
}

TEST_CASE("kept rows: elements of an array's literal") {
  CHECK(db::elements_of("{}").empty());
  CHECK(db::elements_of("{id=a,product_id=b}") == std::vector<std::string>{"id=a", "product_id=b"});
  CHECK(db::elements_of(R"({"id=a,b","id=\"x\\",""})") == std::vector<std::string>{"id=a,b", R"(id="x\)", ""});
}

TEST_CASE("statements say what they write") {
  using Names = std::vector<std::string>;
  CHECK(db::Statement::once("SELECT * FROM a FOR UPDATE").writes() == Names{});
  CHECK(db::Statement::once(R"(WITH x AS (INSERT INTO "a" (b) VALUES (1) RETURNING b) UPDATE public.c SET d = 1)")
            .writes() == Names{"a", "c"});
  CHECK(db::Statement::once("DELETE FROM a WHERE b = 1").writes() == Names{"a"});
  CHECK(db::Statement::once("TRUNCATE a").writes() == Names{"a"});
}

TEST_CASE("the log of rows: each kind of change is told by its keys, to whoever looks next") {
  const char* url = std::getenv("STHENO_TEST_DATABASE_URL");
  if (!url) {
    std::cout << "skipped: the log of rows needs STHENO_TEST_DATABASE_URL\n";
    return;
  }
  db::Options options;
  options.url = url;
  db::run_blocking(options, [](db::Database& database) {
    const auto run = [&](const std::string& sql) { database.shared().run(db::Statement::once(sql)); };
    run("DROP TABLE IF EXISTS kr_variant");
    run("DROP TABLE IF EXISTS kr_product");
    run("CREATE TABLE kr_product (id text PRIMARY KEY, title text)");
    run("CREATE TABLE kr_variant (id text PRIMARY KEY, product_id text REFERENCES kr_product ON DELETE CASCADE)");
    db::install_row_log(database, kTables);
    db::install_row_log(database, kTables); // changes nothing

    db::KeptRows rows(kTables, 100'000);
    std::vector<std::string> heard;
    const auto look = [&](db::Session& session) {
      const auto command = rows.look();
      const auto result = session.run(command.statement, command.params);
      heard.clear();
      for (int row = 0; row < result.rows(); row++) {
        if (result.is_null(row, 4)) continue;
        const std::string table(result.text(row, 4));
        if (result.is_null(row, 5)) heard.push_back(table + ": all");
        for (const auto& key : db::elements_of(result.text(row, 5))) heard.push_back(table + ": " + key);
      }
      std::sort(heard.begin(), heard.end());
      return rows.judge(result);
    };
    using Heard = std::vector<std::string>;
    CHECK(look(database.shared()) > 0);
    CHECK(look(database.shared()) > 0);
    CHECK(heard == Heard{});
    run("INSERT INTO kr_product VALUES ('p1', 'a'), ('p2', 'b')");
    look(database.shared());
    CHECK(heard == Heard{"kr_product: id=p1", "kr_product: id=p2"});
    run("INSERT INTO kr_variant VALUES ('v1', 'p1'), ('v2', NULL)");
    look(database.shared());
    CHECK(heard == Heard{"kr_variant: id=v1", "kr_variant: id=v2", "kr_variant: product_id=p1"});
    run("UPDATE kr_variant SET product_id = 'p2' WHERE id = 'v1'"); // where it was, and where it is now
    look(database.shared());
    CHECK(heard == Heard{"kr_variant: id=v1", "kr_variant: product_id=p1", "kr_variant: product_id=p2"});
    run("UPDATE kr_variant SET product_id = 'p1' WHERE id = 'none'");
    look(database.shared());
    CHECK(heard == Heard{});
    run("DELETE FROM kr_product WHERE id = 'p2'"); // and what hangs on it
    look(database.shared());
    CHECK(heard == Heard{"kr_product: id=p2", "kr_variant: id=v1", "kr_variant: product_id=p2"});
    run("INSERT INTO kr_product SELECT 'many' || n, '' FROM generate_series(1, 301) AS n");
    look(database.shared());
    CHECK(heard == Heard{"kr_product: all"});
    run("TRUNCATE kr_variant");
    look(database.shared());
    CHECK(heard == Heard{"kr_variant: all"});

    // A transaction sees its own change, which is nobody else's yet; it is told once more when it is.
    auto transaction = database.begin();
    transaction->run(db::Statement::once("UPDATE kr_product SET title = 'c' WHERE id = 'p1'"));
    CHECK(look(*transaction) == 0);
    CHECK(look(database.shared()) > 0);
    CHECK(heard == Heard{});
    transaction->commit();
    CHECK(look(database.shared()) > 0);
    CHECK(heard == Heard{"kr_product: id=p1"});

    // Another server, such as a replica that took this one's place: nothing that was kept may be trusted.
    const auto now = rows.look();
    const auto elsewhere = db::Params::of("2000-01-01 00:00:00+00", *now.params.values()[1], *now.params.values()[2]);
    CHECK(!database.shared().run(now.statement, now.params).boolean(0, 0));
    CHECK(database.shared().run(now.statement, elsewhere).boolean(0, 0));

    // However full the log is, the question reads what is new by its index.
    run("INSERT INTO stheno_row_change SELECT pg_current_xact_id(), 'kr_product', '{id=x}' FROM generate_series(1, 20000)");
    look(database.shared());
    run("ANALYZE stheno_row_change");
    auto planned = database.begin();
    planned->run(db::Statement::once("SET LOCAL plan_cache_mode = force_generic_plan"));
    planned->run(db::Statement::once("PREPARE kr_question (timestamptz, pg_snapshot, timestamptz) AS " +
                                     db::row_log_question().sql()));
    const auto plan = planned->run(
        db::Statement::once("EXPLAIN EXECUTE kr_question (pg_postmaster_start_time(), pg_current_snapshot(), now())"));
    std::string text;
    for (int row = 0; row < plan.rows(); row++) text.append(plan.text(row, 0)).append("\n");
    INFO(text);
    CHECK(text.find("stheno_row_change_transaction") != std::string::npos);
    CHECK(text.find("Seq Scan") == std::string::npos);
    planned->run(db::Statement::once("DEALLOCATE kr_question"));
    planned->rollback();
    run("DELETE FROM stheno_row_change WHERE transaction > '0'::xid8");
    run("DROP TABLE kr_variant");
    run("DROP TABLE kr_product");
  });
}
