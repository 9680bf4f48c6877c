// Prints SELECT statements for the parts of a read. Internal to the query room.
#pragma once
#include "query/query.hpp"

namespace query {

// The page of root rows.
db::Query print_root(const Read& read, const std::vector<const schema::Column*>& columns);
// How many rows match, whatever the page.
db::Query print_count(const Read& read);
// The rows of a relation for these parents. A many-to-many result carries the parent's key behind the columns.
db::Query print_relation(const schema::Relation& relation, const schema::Entity& target,
                         const std::vector<const schema::Column*>& columns, const Selection::Child& wanted,
                         std::vector<std::string> parent_keys);

} // namespace query
