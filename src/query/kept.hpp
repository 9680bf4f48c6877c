// Which rows of a read may come from those that are kept in the process (db::KeptRows), and by which question they are kept.
// Internal to the query room. Owns: the questions, one for each relation that was ever read so, for the life of the process.
#pragma once
#include "db/kept_rows.hpp"
#include "query/query.hpp"
#include <vector>

namespace query {

// Rows are kept with all columns that the entity has, and shown by those that a node loads.
struct KeptQuestion {
  db::Kept kept;
  std::vector<int> places; // of the entity's columns in a kept row, by their place in the entity; -1: not there
  int parent = -1;         // many_to_many: where the parent's key stands, which no column of the entity holds
};

// The question for the rows of a relation by the keys of their parents; null where the rows' tables aren't watched, or where
// the caller has a condition of his own. His order is one by columns of the rows themselves.
const KeptQuestion* kept_question(const db::KeptRows& rows, const schema::Relation& relation,
                                  const schema::Entity& target, const Selection::Child& wanted,
                                  const schema::Flags& flags);
// That for an entity's rows by their own keys.
const KeptQuestion* kept_question(const db::KeptRows& rows, const schema::Entity& entity, Deleted deleted,
                                  const schema::Flags& flags);

} // namespace query
