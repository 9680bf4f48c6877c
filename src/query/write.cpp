#include "query/write.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "query/returned.hpp"
#include "query/shapes.hpp"
#include <algorithm>
#include <array>
#include <initializer_list>
#include <stdexcept>

namespace query {
namespace {

using Columns = std::vector<std::string_view>;

// The columns that any of the rows names, in the entity's order; a name that is no column is a bug in the caller.
Columns named_columns(const schema::Entity& entity, const base::JsonArray& rows) {
  std::vector<bool> named(entity.columns.size());
  for (const auto& row : rows)
    for (const auto& member : row.as_object()) {
      if (member.value.is_undefined()) continue;
      const auto* column = entity.column(member.name);
      if (!column) throw std::logic_error("no column " + std::string(entity.name) + "." + member.name);
      if (!column->holds(member.value)) throw base::Error::malformed(member.name);
      named[static_cast<std::size_t>(column - entity.columns.data())] = true;
    }
  Columns columns;
  for (std::size_t i = 0; i < named.size(); i++)
    if (named[i]) columns.push_back(entity.columns[i].name);
  return columns;
}

std::string column_list(const Columns& columns, std::string_view prefix = {}) {
  std::string list;
  for (const auto column : columns) {
    if (!list.empty()) list += ", ";
    list += prefix;
    list += quoted(column);
  }
  return list;
}

// "insert product id title": what a shape is known by. Identifiers hold no blanks.
std::string shape(std::initializer_list<std::string_view> words, const Columns& columns = {},
                  const Returned& returned = {}) {
  std::string key;
  const auto add = [&](std::string_view word) { key.append(word).push_back(' '); };
  for (const auto word : words) add(word);
  for (const auto column : columns) add(column);
  if (!returned.empty()) add("returning");
  for (const auto* column : returned) add(column->name);
  return key;
}

db::Command insert_rows(const schema::Entity& entity, base::JsonArray& rows, std::string_view conflict,
                        const Returned& returned = {}) {
  if (!entity.prefix.empty())
    for (auto& row : rows)
      if (row[entity.key].is_nullish()) row.set(entity.key, base::make_id(entity.prefix));
  const auto columns = named_columns(entity, rows);
  return {statement_of_shape(shape({"insert", entity.table, conflict}, columns, returned),
                             [&] {
                               const std::string table = quoted(entity.table);
                               std::string sql = "INSERT INTO " + table + " (" + column_list(columns) + ") SELECT " +
                                                 column_list(columns, "r.") +
                                                 " FROM jsonb_populate_recordset(null::" + table + ", $1) r";
                               if (!conflict.empty()) sql += " ON CONFLICT (" + std::string(conflict) + ") DO NOTHING";
                               return sql + returning(returned);
                             }),
          db::Params::of(base::Json(rows).dump())};
}

std::string update_sql(const schema::Entity& entity, const Columns& columns, const Returned& returned) {
  const std::string table = quoted(entity.table), key = quoted(entity.key);
  std::string sets;
  for (const auto column : columns) {
    if (!sets.empty()) sets += ", ";
    sets += quoted(column) + " = r." + quoted(column);
  }
  const bool dated = std::find(columns.begin(), columns.end(), "updated_at") != columns.end();
  if (!dated && entity.column("updated_at")) sets += ", updated_at = now()";
  return "UPDATE " + table + " t SET " + sets + " FROM jsonb_populate_recordset(null::" + table + ", $1) r WHERE t." +
         key + " = r." + key + returning(returned, "t.");
}

} // namespace

std::string returning(const Returned& returned, std::string_view prefix) {
  if (returned.empty()) return {};
  Columns names;
  for (const auto* column : returned) names.push_back(column->name);
  return " RETURNING " + column_list(names, prefix);
}

Returned all_columns(const schema::Entity& entity, const schema::Flags& flags) {
  Returned columns;
  for (const auto& column : entity.columns)
    if (flags.on(column.flag)) columns.push_back(&column);
  return columns;
}

db::Command insert(const schema::Entity& entity, base::JsonArray& rows) { return insert(entity, rows, {}); }

db::Command insert(const schema::Entity& entity, base::JsonArray& rows, const Returned& returned) {
  return insert_rows(entity, rows, {}, returned);
}

db::Command insert(const schema::Entity& entity, base::Json& row) { return insert(entity, row, {}); }

db::Command insert(const schema::Entity& entity, base::Json& row, const Returned& returned) {
  base::JsonArray rows{std::move(row)};
  auto query = insert_rows(entity, rows, {}, returned);
  row = std::move(rows.front());
  return query;
}

db::Command insert_or_ignore(const schema::Entity& entity, base::JsonArray& rows, std::string_view conflict_columns) {
  return insert_rows(entity, rows, conflict_columns);
}

db::Command update(const schema::Entity& entity, std::string_view id, const base::Json& changes) {
  return update(entity, id, changes, {});
}

db::Command update(const schema::Entity& entity, std::string_view id, const base::Json& changes,
                   const Returned& returned) {
  base::Json row = changes;
  row.set(entity.key, id);
  return update_each(entity, {row}, returned);
}

db::Command update_each(const schema::Entity& entity, const base::JsonArray& rows) {
  return update_each(entity, rows, {});
}

db::Command update_each(const schema::Entity& entity, const base::JsonArray& rows, const Returned& returned) {
  auto columns = named_columns(entity, rows);
  std::erase(columns, entity.key);
  if (columns.empty()) throw std::logic_error("an update of nothing: " + std::string(entity.name));
  return {statement_of_shape(shape({"update", entity.table}, columns, returned),
                             [&] { return update_sql(entity, columns, returned); }),
          db::Params::of(base::Json(rows).dump())};
}

db::Command remove(const schema::Entity& entity, const std::vector<std::string>& ids) {
  if (!entity.soft_delete) return erase_where(entity, entity.key, ids);
  return {statement_of_shape(shape({"remove", entity.table}),
                             [&] {
                               return "UPDATE " + quoted(entity.table) + " SET deleted_at = now() WHERE " +
                                      quoted(entity.key) + " = ANY($1) AND deleted_at IS NULL";
                             }),
          db::Params::of(ids)};
}

db::Command erase_where(const schema::Entity& entity, std::string_view column, const std::vector<std::string>& values) {
  if (!entity.column(column))
    throw std::logic_error("no column " + std::string(entity.name) + "." + std::string(column));
  return {statement_of_shape(
              shape({"erase", entity.table, column}),
              [&] { return "DELETE FROM " + quoted(entity.table) + " WHERE " + quoted(column) + " = ANY($1)"; }),
          db::Params::of(values)};
}

db::Command link(std::string_view table, std::string_view left_column, std::string_view right_column,
                 const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::vector<std::string> left, right;
  for (const auto& [l, r] : pairs) {
    left.push_back(l);
    right.push_back(r);
  }
  return {statement_of_shape(shape({"link", table, left_column, right_column}),
                             [&] {
                               return "INSERT INTO " + quoted(table) + " (" + column_list({left_column, right_column}) +
                                      ") SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING";
                             }),
          db::Params::of(left, right)};
}

db::Command unlink(std::string_view table, std::string_view left_column, std::string_view left_id) {
  return {
      statement_of_shape(shape({"unlink", table, left_column}),
                         [&] { return "DELETE FROM " + quoted(table) + " WHERE " + quoted(left_column) + " = $1"; }),
      db::Params::of(left_id)};
}

db::Command unlink(std::string_view table, std::string_view left_column, std::string_view left_id,
                   std::string_view right_column, const std::vector<std::string>& right_ids) {
  return {statement_of_shape(shape({"unlink", table, left_column, right_column}),
                             [&] {
                               return "DELETE FROM " + quoted(table) + " WHERE " + quoted(left_column) + " = $1 AND " +
                                      quoted(right_column) + " = ANY($2)";
                             }),
          db::Params::of(left_id, right_ids)};
}

std::string quoted(std::string_view identifier) {
  static constexpr std::array<std::string_view, 8> reserved{"order", "user",  "default", "return",
                                                            "type",  "value", "role",    "position"};
  std::string out(identifier);
  const bool plain = identifier.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == std::string_view::npos;
  if (plain && std::find(reserved.begin(), reserved.end(), identifier) == reserved.end()) return out;
  if (identifier.find('"') != std::string_view::npos) throw std::logic_error("an identifier with a quote: " + out);
  return '"' + out + '"';
}

} // namespace query
