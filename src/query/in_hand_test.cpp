#include "db/made_result.hpp"
#include "query/in_hand.hpp"
#include "query/sparse.hpp"
#include <doctest/doctest.h>

namespace {

using schema::RelationKind;
using schema::Type;
using Rows = std::vector<std::vector<std::optional<std::string>>>;

const schema::Entity& room() {
  static const auto& entity = schema::add({.name = "TestRoom",
                                           .table = "room",
                                           .prefix = "",
                                           .key = "id",
                                           .columns = {{"id", Type::text}},
                                           .relations = {}});
  return entity;
}
const schema::Entity& note() {
  static const auto& entity = schema::add({.name = "TestNote",
                                           .table = "note",
                                           .prefix = "",
                                           .key = "id",
                                           .columns = {{"id", Type::text}, {"drawer_id", Type::text}},
                                           .relations = {}});
  return entity;
}
const schema::Entity& drawer() {
  static const auto& entity =
      schema::add({.name = "TestDrawer",
                   .table = "drawer",
                   .prefix = "",
                   .key = "id",
                   .columns = {{"id", Type::text}, {"desk_id", Type::text}, {"size", Type::integer}},
                   .relations = {{"notes", RelationKind::to_many, "TestNote", "drawer_id"}}});
  return entity;
}
const schema::Entity& desk() {
  static const auto& entity = schema::add({.name = "TestDesk",
                                           .table = "desk",
                                           .prefix = "",
                                           .key = "id",
                                           .columns = {{"id", Type::text}, {"room_id", Type::text, true}},
                                           .relations = {{"drawers", RelationKind::to_many, "TestDrawer", "desk_id"},
                                                         {"room", RelationKind::to_one, "TestRoom", "room_id"}}});
  return entity;
}

// Answers statement by statement, and remembers what was asked.
struct Told : db::Session {
  std::vector<Rows> answers;
  std::vector<std::string> asked;
  std::vector<db::Result> batch(std::vector<db::Command> queries) override {
    std::vector<db::Result> results;
    for (const auto& query : queries) {
      results.push_back(db::made_result(answers.at(asked.size())));
      asked.push_back(query.statement.sql());
    }
    return results;
  }
  bool in_transaction() const override { return true; }
};

query::Selection whole() {
  room(), note(), drawer();
  auto selection = query::select({}, {"drawers.notes", "room"});
  selection.child("drawers")->order_by = "t.id ASC";
  return selection;
}

const query::Selection& selection() {
  static const query::Selection made = whole();
  return made;
}

query::Tree read_desk(Told& session) {
  session.asked.clear();
  session.answers = {{{"desk_1", "room_1"}},
                     {{"drawer_2", "desk_1", "2"}, {"drawer_4", "desk_1", "4"}},
                     {{"note_1", "drawer_2"}, {"note_2", "drawer_4"}},
                     {{"room_1"}}};
  return query::read_one(session, schema::Flags(), {.entity = &desk(), .selection = selection()}, "desk_1");
}

std::string shown(Told& session, db::Batch& writes, query::InHand& in_hand) {
  const auto tree = query::read_one(session, schema::Flags(), {.entity = &desk(), .selection = selection()}, "desk_1",
                                    writes, in_hand);
  return query::row_json(*tree.first());
}

} // namespace

TEST_CASE("a tree that was read is shown again without a question") {
  Told session;
  const auto first = query::row_json(*read_desk(session).first());
  Told silent;
  query::InHand in_hand(schema::Flags(), read_desk(session));
  db::Batch nothing;
  CHECK(shown(silent, nothing, in_hand) == first);
  CHECK(silent.asked.empty());
}

TEST_CASE("rows that were written take their place and their order, and what was removed takes its own along") {
  Told session;
  query::InHand in_hand(schema::Flags(), read_desk(session));
  db::Batch writes;
  base::JsonArray added{base::parse_json(R"({"id":"drawer_3","desk_id":"desk_1","size":3})")};
  in_hand.put("drawers", writes.add(query::insert(drawer(), added, query::all_columns(drawer(), schema::Flags()))));
  in_hand.remove("drawers", {"drawer_2"});
  Told writing;
  writing.answers = {{{"drawer_3", "desk_1", "3"}}};
  CHECK(shown(writing, writes, in_hand) ==
        R"({"id":"desk_1","room_id":"room_1","drawers":[{"id":"drawer_3","desk_id":"desk_1","size":3,"notes":[]},)"
        R"({"id":"drawer_4","desk_id":"desk_1","size":4,"notes":[{"id":"note_2","drawer_id":"drawer_4"}]}],)"
        R"("room":{"id":"room_1"}})");
  REQUIRE(writing.asked.size() == 1);
  CHECK(writing.asked[0].ends_with("RETURNING id, desk_id, size"));
}

TEST_CASE("what a changed row has come to lead to is asked for, and must not be overlooked") {
  const auto moved = [](bool forgets) {
    Told session;
    query::InHand in_hand(schema::Flags(), read_desk(session));
    db::Batch writes;
    in_hand.put("", writes.add(query::update(desk(), "desk_1", base::parse_json(R"({"room_id":"room_2"})"),
                                             query::all_columns(desk(), schema::Flags()))));
    if (forgets) in_hand.forget("room");
    Told writing;
    writing.answers = {{{"desk_1", "room_2"}}, {{"room_2"}}};
    return shown(writing, writes, in_hand);
  };
  CHECK(moved(true).ends_with(R"("room":{"id":"room_2"}})"));
  CHECK_THROWS_AS(moved(false), std::logic_error);
}

TEST_CASE("a row that is being made has what is said to hang on it") {
  query::InHand in_hand{schema::Flags()};
  db::Batch writes;
  base::Json row = base::parse_json(R"({"id":"desk_1"})");
  in_hand.put("", writes.add(query::insert(desk(), row, query::all_columns(desk(), schema::Flags()))));
  Told writing;
  selection();
  writing.answers = {{{"desk_1", std::nullopt}}};
  CHECK(shown(writing, writes, in_hand) == R"({"id":"desk_1","room_id":null,"drawers":[],"room":null})");
  CHECK(writing.asked.size() == 1);
}

TEST_CASE("a sparse read asks for what is there") {
  Told session;
  selection();
  session.answers = {{{"desk_1", std::nullopt}}, {{"t", "f"}}, {{"drawer_1", "desk_1", "1"}}};
  db::Batch nothing;
  const auto tree =
      query::read_sparse(session, schema::Flags(), {.entity = &desk(), .selection = selection()}, "desk_1", nothing);
  CHECK(
      query::row_json(*tree.first()) ==
      R"({"id":"desk_1","room_id":null,"drawers":[{"id":"drawer_1","desk_id":"desk_1","size":1,"notes":[]}],"room":null})");
  REQUIRE(session.asked.size() == 3);
  CHECK(session.asked[1].starts_with("SELECT EXISTS (SELECT 1 FROM drawer t WHERE t.desk_id = $1), EXISTS ("));
}
