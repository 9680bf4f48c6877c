#include "db/made_result.hpp"
#include "query/row_of.hpp"
#include <doctest/doctest.h>
#include <utility>

namespace {

using schema::Column;
using schema::Relation;
using schema::RelationKind;
using schema::Type;

struct Shelf {
  static constexpr std::string_view name = "TestShelf";
  static constexpr Column columns[] = {{"id", Type::text}, {"room", Type::text, true}, {"height", Type::integer}};
  static constexpr Relation relations[] = {{"books", RelationKind::to_many, "TestShelvedBook", "shelf_id"}};
};
struct ShelvedBook {
  static constexpr std::string_view name = "TestShelvedBook";
  static constexpr Column columns[] = {
      {"id", Type::text}, {"shelf_id", Type::text}, {"pages", Type::integer, true}, {"price", Type::numeric}};
  static constexpr Relation relations[] = {{"shelf", RelationKind::to_one, "TestShelf", "shelf_id"}};
};

template<class Table> const schema::Entity& entity_of() {
  static const schema::Entity& entity =
      schema::add({.name = Table::name,
                   .table = "t",
                   .prefix = "",
                   .key = "id",
                   .columns = {std::begin(Table::columns), std::end(Table::columns)},
                   .relations = {std::begin(Table::relations), std::end(Table::relations)}});
  return entity;
}

// Answers each batch with the next of its results.
struct Told : db::Session {
  std::vector<std::vector<std::vector<std::optional<std::string>>>> answers;
  std::vector<db::Result> batch(std::vector<db::Command> queries) override {
    std::vector<db::Result> results;
    for (std::size_t i = 0; i < queries.size(); i++) results.push_back(db::made_result(answers[i]));
    return results;
  }
  bool in_transaction() const override { return false; }
};

// The shelf with its height alone, and the books with all that they have.
query::Tree shelf() {
  entity_of<ShelvedBook>();
  Told session;
  session.answers = {{{"3", "shelf_1"}},
                     {{"book_1", "shelf_1", std::nullopt, "9.5"}, {"book_2", "shelf_1", "200", "12"}}};
  query::Selection selection;
  selection.fields = {"height"};
  selection.with("books");
  return query::read_one(session, schema::Flags(), {.entity = &entity_of<Shelf>(), .selection = selection}, "shelf_1");
}

} // namespace

TEST_CASE("a row of a known table is read by names that the compiler knows") {
  const auto tree = shelf();
  const auto row = tree.first<Shelf>();
  REQUIRE(row);
  // Columns were loaded in another order than the table's.
  CHECK(row->integer("height") == 3);
  CHECK(row->text("id") == "shelf_1");
  CHECK(row->has("books"));
  const auto books = row->many<ShelvedBook>("books");
  REQUIRE(books.size() == 2);
  CHECK(books[0].is_null("pages"));
  CHECK_FALSE(books[0].optional_integer("pages"));
  CHECK(books[1].integer("pages") == 200);
  CHECK(books[0].number("price") == 9.5);
  CHECK(row->many_if_loaded<ShelvedBook>("books").size() == 2);
}

TEST_CASE("what was not loaded, and a row of another table, are bugs that are told") {
  const auto tree = shelf();
  CHECK_THROWS_AS(tree.first<Shelf>()->text("room"), std::logic_error);
  CHECK_THROWS_AS(tree.first<ShelvedBook>(), std::logic_error);
  const auto book = tree.first<Shelf>()->many<ShelvedBook>("books").front();
  CHECK_FALSE(book.has("shelf"));
  CHECK_THROWS_AS(book.one<Shelf>("shelf"), std::logic_error);
  CHECK(book.many_if_loaded<Shelf>("shelf").empty());
}

// What the constructors of names refuse when code is compiled; tests/names shows that they do.
TEST_CASE("a name has a place in its table, or none") {
  static_assert(query::place_of(Shelf::columns, "height") == 2);
  static_assert(query::place_of(Shelf::columns, "hieght") == -1);
  static_assert(query::place_of(Shelf::relations, "books") == 0);
  static_assert(query::place_of(Shelf::relations, "book") == -1);
  static_assert(query::is_text(Type::enumeration) && !query::is_text(Type::integer) && query::is_number(Type::numeric));
}
