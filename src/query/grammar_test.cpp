#include "base/error.hpp"
#include "query/grammar.hpp"
#include <doctest/doctest.h>

namespace {

const schema::Entity& shelf() {
  using namespace schema;
  static const Entity& entity = [&]() -> const Entity& {
    schema::add({.name = "TestBook",
                 .table = "book",
                 .prefix = "book",
                 .key = "id",
                 .columns = {{"id", Type::text},
                             {"created_at", Type::timestamp},
                             {"shelf_id", Type::text},
                             {"title", Type::text},
                             {"secret", Type::text, true, Shown::never},
                             {"taxed", Type::boolean, true, Shown::always, Flag::tax_inclusive_pricing}},
                 .relations = {{"shelf", RelationKind::to_one, "TestShelf", "shelf_id"}}});
    return schema::add(
        {.name = "TestShelf",
         .table = "shelf",
         .prefix = "shelf",
         .key = "id",
         .columns = {{"id", Type::text}, {"created_at", Type::timestamp}, {"name", Type::text}, {"room", Type::text}},
         .relations = {{"books", RelationKind::to_many, "TestBook", "shelf_id"}}});
  }();
  return entity;
}

query::Wanted resolve(const char* query, const query::Grammar& grammar, query::Many many = query::Many::yes) {
  return query::resolve(shelf(), schema::Flags{}, grammar, base::parse_json(query), many);
}

std::string refusal(const char* query, const query::Grammar& grammar) {
  try {
    resolve(query, grammar);
  } catch (const base::Error& e) {
    return e.what();
  }
  return "none";
}

using Names = std::vector<std::string>;
const query::Grammar kOpen{.fields = {"id", "name"}, .relations = {"books"}};
const query::Grammar kClosed{.fields = {"id", "name"},
                             .relations = {"books"},
                             .allowed_fields = {"id", "name", "created_at", "books.title"},
                             .allowed_relations = {"books"}};

} // namespace

TEST_CASE("fields: defaults, replacement, addition, removal") {
  CHECK(resolve("{}", kOpen).selection.fields == Names{"id", "name"});
  CHECK(resolve(R"({"fields":"room"})", kOpen).selection.fields == Names{"room", "created_at", "id"});
  CHECK(resolve(R"({"fields":"+room"})", kOpen).selection.fields == Names{"id", "name", "room", "created_at"});
  CHECK(resolve(R"({"fields":"-name"})", kOpen).selection.fields == Names{"id", "created_at"});
  CHECK(resolve(R"({"fields":"room"})", kOpen, query::Many::no).selection.fields == Names{"room", "id"});
}

TEST_CASE("fields: each once, however many and however often they come and go") {
  std::string fields = "room", gone = "+room";
  for (int i = 0; i < 100; i++) fields += ",room,name", gone += ",-room,+room,-name";
  CHECK(resolve(("{\"fields\":\"" + fields + "\"}").c_str(), kOpen).selection.fields ==
        Names{"room", "name", "created_at", "id"});
  CHECK(resolve(("{\"fields\":\"" + gone + "\"}").c_str(), kOpen).selection.fields ==
        Names{"id", "room", "created_at"});
}

TEST_CASE("fields of relations load the relation with those columns only") {
  const auto wanted = resolve(R"({"fields":"name,books.title","expand":"books"})", kClosed);
  REQUIRE(wanted.selection.children.size() == 1);
  CHECK(wanted.selection.children[0].selection.fields == Names{"title"});
  CHECK(wanted.has_relation("books"));
}

TEST_CASE("expand replaces the default relations") {
  CHECK(resolve("{}", kOpen).relations == Names{"books"});
  CHECK(resolve(R"({"expand":""})", kOpen).relations.empty());
}

TEST_CASE("order: newest first, or by a column, ascending or descending") {
  const auto newest = resolve("{}", kOpen).order;
  REQUIRE(newest.size() == 1);
  CHECK((newest[0].column == "created_at" && newest[0].descending));
  const auto by_name = resolve(R"({"order":"-name"})", kOpen).order;
  CHECK((by_name[0].column == "name" && by_name[0].descending));
  CHECK(resolve("{}", kOpen, query::Many::no).order.empty());
}

TEST_CASE("order by a column of a relation, where the route allows it") {
  const auto by_title = resolve(R"({"order":"-books.title"})", kClosed).order;
  REQUIRE(by_title.size() == 1);
  CHECK((by_title[0].column == "books.title" && by_title[0].descending));
  CHECK(resolve(R"({"order":"books.shelf.books.id"})", kOpen).order[0].column == "books.shelf.books.id");
  // Not among the fields; not among the relations; a relation that is none; a column that nobody is shown, or is off.
  CHECK(refusal(R"({"order":"books.id"})", kClosed) == "Order field books.id is not valid");
  CHECK(refusal(R"({"order":"books.shelf.name"})", {.allowed_relations = {"books"}}) ==
        "Order field books.shelf.name is not valid");
  CHECK(refusal(R"({"order":"books.shelf"})", kOpen) == "Order field books.shelf is not valid");
  CHECK(refusal(R"({"order":"books..title"})", kOpen) == "Order field books..title is not valid");
  CHECK(refusal(R"({"order":"books.secret"})", kOpen) == "Order field books.secret is not valid");
  CHECK(refusal(R"({"order":"books.taxed"})", kOpen) == "Order field books.taxed is not valid");
  std::string endless = "books";
  for (int i = 0; i < 5; i++) endless += ".shelf.books";
  CHECK(refusal(("{\"order\":\"" + endless + ".title\"}").c_str(), kOpen).starts_with("Order field books.shelf"));
}

TEST_CASE("what is not allowed or not there is refused by name") {
  CHECK(refusal(R"({"fields":"room"})", kClosed) == "Requested fields [room] are not valid");
  CHECK(refusal(R"({"fields":"nosuch"})", kOpen) == "Requested fields [nosuch] are not valid");
  CHECK(refusal(R"({"expand":"books.author"})", kClosed) == "Requested fields [books.author] are not valid");
  CHECK(refusal(R"({"expand":"authors"})", kOpen) == "Requested fields [authors] are not valid");
  CHECK(refusal(R"({"order":"nosuch"})", kOpen) == "Order field nosuch is not valid");
  CHECK(refusal(R"({"order":"room"})", kClosed) == "Order field room is not valid");
}
