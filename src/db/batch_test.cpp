#include "db/batch.hpp"
#include "db/made_result.hpp"
#include <doctest/doctest.h>
#include <stdexcept>

namespace {

// Answers each statement with its own text.
struct Echo : db::Session {
  std::vector<db::Result> batch(std::vector<db::Command> queries) override {
    std::vector<db::Result> results;
    for (const auto& query : queries) results.push_back(db::made_result({{query.statement.sql()}}));
    return results;
  }
  bool in_transaction() const override { return false; }
};

} // namespace

TEST_CASE("each statement of a batch has a slot of its own") {
  Echo session;
  db::Batch batch;
  const auto one = batch.add(db::Statement("SELECT 1"));
  const db::Batch::Slot not_needed;
  const auto two = batch.add(db::Statement("SELECT 2"));
  CHECK_THROWS_AS(one->rows(), std::logic_error);
  batch.run(session);
  CHECK(one->text(0, 0) == "SELECT 1");
  CHECK(two->text(0, 0) == "SELECT 2");
  CHECK(two);
  CHECK_FALSE(not_needed);
  CHECK_THROWS_AS(not_needed->rows(), std::logic_error);
}

TEST_CASE("a slot outlives its batch") {
  Echo session;
  const auto slot = [&] {
    db::Batch batch;
    auto made = batch.add(db::Statement("SELECT 3"));
    batch.run(session);
    return made;
  }();
  CHECK(slot->text(0, 0) == "SELECT 3");
}
