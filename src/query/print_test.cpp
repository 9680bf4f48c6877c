#include "base/error.hpp"
#include "query/print.hpp"
#include "query/write.hpp"
#include <doctest/doctest.h>

namespace {

const schema::Entity& tree() {
  using namespace schema;
  static const Entity& entity = schema::add({.name = "TestTree",
                                             .table = "order",
                                             .prefix = "tree",
                                             .key = "id",
                                             .columns = {{"id", Type::text},
                                                         {"name", Type::text, true},
                                                         {"updated_at", Type::timestamp},
                                                         {"height", Type::integer},
                                                         {"deleted_at", Type::timestamp, true}},
                                             .soft_delete = true});
  return entity;
}

query::Read read() { return {.entity = &tree()}; }
std::vector<const schema::Column*> id() { return {tree().column("id")}; }

} // namespace

TEST_CASE("a page of rows: values are parameters, deleted rows stay out") {
  auto r = read();
  r.where = {{"height", query::Operator::greater, {"3"}}, {"id", query::Operator::in, {"a", "b"}}};
  r.order = {{"height", true}};
  r.limit = 10;
  r.offset = 20;
  const auto q = query::print_root(r, id());
  CHECK(q.statement.sql() ==
        "SELECT t.id FROM \"order\" t WHERE (t.height > $1) AND (t.id = ANY($2::text[])) AND t.deleted_at IS NULL "
        "ORDER BY t.height DESC LIMIT $3::bigint OFFSET $4::bigint");
  REQUIRE(q.params.values().size() == 4);
  CHECK(*q.params.values()[1] == R"({"a","b"})");
}

TEST_CASE("an order by a relation's column joins one row, and of many finds the least or the greatest in one pass") {
  using namespace schema;
  tree();
  schema::add({.name = "TestLeaf",
               .table = "leaf",
               .prefix = "leaf",
               .key = "id",
               .columns = {{"id", Type::text},
                           {"name", Type::text, true},
                           {"branch_id", Type::text},
                           {"green", Type::boolean},
                           {"deleted_at", Type::timestamp, true}},
               .soft_delete = true});
  static const Entity& branch = schema::add(
      {.name = "TestBranch",
       .table = "branch",
       .prefix = "branch",
       .key = "id",
       .columns = {{"id", Type::text}, {"name", Type::text, true}, {"tree_id", Type::text}, {"length", Type::integer}},
       .relations = {{"tree", RelationKind::to_one, "TestTree", "tree_id"},
                     {"leaves", RelationKind::to_many, "TestLeaf", "branch_id"},
                     {"birds", RelationKind::many_to_many, "TestTree", "branch_id", "tree_id", "branch_bird"}}});
  const auto ordered = [&](std::vector<query::Order> order) {
    const auto sql =
        query::print_root({.entity = &branch, .order = std::move(order)}, {branch.column("id")}).statement.sql();
    const std::string table = " FROM branch t";
    return sql.substr(sql.find(table) + table.size());
  };
  CHECK(ordered({{"tree.height", true}}) ==
        " LEFT JOIN \"order\" o1 ON o1.id = t.tree_id AND o1.deleted_at IS NULL ORDER BY o1.height DESC, t.id ASC");
  CHECK(
      ordered({{"leaves.green", false}}) ==
      " LEFT JOIN (SELECT o1.id AS key, min(o2.green::int) AS value FROM branch o1 JOIN leaf o2 ON o2.branch_id = o1.id AND "
      "o2.deleted_at IS NULL GROUP BY o1.id) o3 ON o3.key = t.id ORDER BY o3.value ASC, t.id ASC");
  CHECK(
      ordered({{"birds.height", true}}) ==
      " LEFT JOIN (SELECT o1.id AS key, max(o3.height) AS value FROM branch o1 JOIN branch_bird o2 ON o2.branch_id = o1.id "
      "JOIN \"order\" o3 ON o3.id = o2.tree_id AND o3.deleted_at IS NULL GROUP BY o1.id) o4 ON o4.key = t.id ORDER BY "
      "o4.value DESC, t.id ASC");
  CHECK_THROWS_AS(ordered({{"leaves.nosuch", false}}), std::logic_error);
  CHECK_THROWS_AS(ordered({{"nosuch.id", false}}), std::logic_error);
}

TEST_CASE("SQL of our own takes its values in order") {
  auto r = read();
  r.deleted = query::Deleted::included;
  r.where = {{"t.height < $? OR t.id ILIKE $?", query::Operator::sql, {"7", "%x%"}}};
  CHECK(query::print_count(r).statement.sql() ==
        "/* planned each time */ SELECT count(*) FROM \"order\" t WHERE (t.height < $1 OR t.id ILIKE $2)");
}

TEST_CASE("an unknown column never reaches SQL") {
  auto r = read();
  r.where = {{"1=1; --", query::Operator::equal, {"x"}}};
  CHECK_THROWS_AS(query::print_root(r, id()), std::logic_error);
}

TEST_CASE("many rows are one insert; missing ids are made") {
  base::JsonArray rows{base::parse_json(R"({"id":"tree_1","height":1})"), base::parse_json(R"({"height":2})")};
  const auto q = query::insert(tree(), rows);
  CHECK(q.statement.sql() == "INSERT INTO \"order\" (id, height) SELECT r.id, r.height FROM "
                             "jsonb_populate_recordset(null::\"order\", $1) r");
  CHECK(rows[1]["id"].as_string().starts_with("tree_"));
  CHECK(q.params.values().size() == 1);
}

TEST_CASE("an update touches updated_at and only the named columns") {
  const auto q = query::update(tree(), "tree_1", base::parse_json(R"({"height":3})"));
  CHECK(q.statement.sql() == "UPDATE \"order\" t SET height = $2, updated_at = now() WHERE t.id = $1");
  CHECK(q.params.values() == std::vector<std::optional<std::string>>{"tree_1", "3"});
  const base::JsonArray many{base::parse_json(R"({"id":"tree_1","height":3})"),
                             base::parse_json(R"({"id":"tree_2","height":null})")};
  CHECK(query::update_each(tree(), many).statement.sql() ==
        "UPDATE \"order\" t SET height = r.height, updated_at = now() FROM "
        "jsonb_populate_recordset(null::\"order\", $1) r WHERE t.id = r.id");
}

TEST_CASE("one row is an insert of a parameter a column, none of which can end early") {
  auto row = base::parse_json(R"({"id":"tree_1","height":null,"name":"ash"})");
  const auto q = query::insert(tree(), row);
  CHECK(q.statement.sql() == "INSERT INTO \"order\" (id, name, height) VALUES ($1, $2, $3)");
  CHECK(q.params.values() == std::vector<std::optional<std::string>>{"tree_1", "ash", std::nullopt});
  auto cut = base::parse_json(R"({"id":"tree_2","name":"a\u0000sh"})");
  CHECK_THROWS_AS(query::insert(tree(), cut), base::Error);
}
