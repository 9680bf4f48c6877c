// Prints SELECT statements for the parts of a read. Internal to the query room.
#pragma once
#include "query/query.hpp"

namespace query {

// The page of root rows.
db::Command print_root(const Read& read, const std::vector<const schema::Column*>& columns);
// How many rows match, whatever the page.
db::Command print_count(const Read& read);
// The rows of a relation for these parents. A many-to-many result carries the parent's key behind the columns.
db::Command print_relation(const schema::Relation& relation, const schema::Entity& target,
                           const std::vector<const schema::Column*>& columns, const Selection::Child& wanted,
                           const std::vector<std::string>& parent_keys);

// Where the rows of one node of a one-trip read come from, so that the statements of its relations can find them
// again: "FROM table t WHERE ...", in which $1 is the root's key.
struct Source {
  std::string from;
  std::string_view keyed_by; // the column of the node's own table that `from` compares; empty for a join table
  std::string key_set;       // with what: "= $1", "= (SELECT ...)" or "= ANY(ARRAY(SELECT ...))"
  bool single = false;       // at most one row
};
Source root_source(const schema::Entity& entity);
// The rows of a relation for the parents that `source` finds; `made` is set to the source of these rows.
db::Command print_relation_of(const Source& parents, const schema::Entity& parent, const schema::Relation& relation,
                              const schema::Entity& target, const std::vector<const schema::Column*>& columns,
                              const Selection::Child& wanted, std::string_view root_key, Source& made);

} // namespace query
