// Statements that change rows, printed from the entity's description. Each returns a db::Command, so that a service can
// send a step's writes in one batch. Called by commerce and http's Resource rows.
// The number of statements never grows with the number of rows: many rows travel as one jsonb parameter.
#pragma once
#include "base/json.hpp"
#include "db/db.hpp"
#include "schema/flags.hpp"
#include "schema/schema.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace query {

// INSERT of rows given as JSON objects; the columns are those that any row names (a row without one of them gets
// null there; the id is made from the entity's prefix where missing, and written back into `rows`).
// created_at and updated_at keep the table's default now(). Enumerations and timestamps are texts.
db::Command insert(const schema::Entity& entity, base::JsonArray& rows);
// The same for one row.
db::Command insert(const schema::Entity& entity, base::Json& row);
// INSERT ... ON CONFLICT (conflict columns) DO NOTHING.
db::Command insert_or_ignore(const schema::Entity& entity, base::JsonArray& rows, std::string_view conflict_columns);

// UPDATE of one row by key; sets updated_at where the entity has one. `changes` must not be empty.
db::Command update(const schema::Entity& entity, std::string_view id, const base::Json& changes);
// UPDATE of many rows, each object with its key and the same set of changed columns.
db::Command update_each(const schema::Entity& entity, const base::JsonArray& rows);

// Marks rows deleted (soft_delete) or removes them (otherwise).
db::Command remove(const schema::Entity& entity, const std::vector<std::string>& ids);
// Removes rows where a column is one of the values, whatever soft_delete says.
db::Command erase_where(const schema::Entity& entity, std::string_view column, const std::vector<std::string>& values);

// Join tables without an entity of their own.
db::Command link(std::string_view table, std::string_view left_column, std::string_view right_column,
                 const std::vector<std::pair<std::string, std::string>>& pairs);
db::Command unlink(std::string_view table, std::string_view left_column, std::string_view left_id);
db::Command unlink(std::string_view table, std::string_view left_column, std::string_view left_id,
                   std::string_view right_column, const std::vector<std::string>& right_ids);

// "table" or "\"order\"" where PostgreSQL needs the quotes.
std::string quoted(std::string_view identifier);

} // namespace query
