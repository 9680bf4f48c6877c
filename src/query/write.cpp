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

using Columns = std::vector<const schema::Column*>;

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
    if (named[i]) columns.push_back(&entity.columns[i]);
  return columns;
}

template<class Print> std::string listed(const Columns& columns, Print&& print) {
  std::string list;
  for (const auto* column : columns) {
    if (!list.empty()) list += ", ";
    list += print(*column);
  }
  return list;
}

std::string column_list(const Columns& columns, std::string_view prefix = {}) {
  return listed(columns, [&](const schema::Column& column) { return std::string(prefix) + quoted(column.name); });
}

// One row travels as a parameter a column, which PostgreSQL takes in a quarter less time than a row of a jsonb parameter. Lists
// stay with the latter, whose form they have already.
enum class Travel { by_column, as_rows };
Travel travel_of(const Columns& columns, const base::JsonArray& rows) {
  const auto is_list = [](const auto* column) { return column->type == schema::Type::text_array; };
  return rows.size() == 1 && std::ranges::none_of(columns, is_list) ? Travel::by_column : Travel::as_rows;
}

// As jsonb_populate_recordset() would read it.
void add_value(db::Params& params, const schema::Column& column, const base::Json& value) {
  if (value.is_nullish())
    params.add(std::nullopt);
  else if (column.type == schema::Type::json || !value.is_string())
    params.add(value.dump());
  else if (value.as_string().find('\0') != std::string::npos) // would end the parameter
    throw base::Error::malformed(std::string(column.name));
  else
    params.add(value.as_string());
}

db::Params values_of(const Columns& columns, const base::JsonArray& rows, Travel travel) {
  db::Params params;
  if (travel == Travel::as_rows) return params.add(base::Json(rows).dump());
  for (const auto* column : columns) add_value(params, *column, rows.front()[column->name]);
  return params;
}

// $1, $2 ...
class Numbers {
 public:
  std::string next() { return "$" + std::to_string(++last_); }

 private:
  int last_ = 0;
};

// "insert product id title": what a shape is known by. Identifiers hold no blanks.
std::string shape(std::initializer_list<std::string_view> words, const Columns& columns = {},
                  const Returned& returned = {}) {
  std::string key;
  const auto add = [&](std::string_view word) { key.append(word).push_back(' '); };
  for (const auto word : words) add(word);
  for (const auto* column : columns) add(column->name);
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
  const auto travel = travel_of(columns, rows);
  return {statement_of_shape(shape({travel == Travel::by_column ? "insert" : "insert many", entity.table, conflict},
                                   columns, returned),
                             [&] {
                               const std::string table = quoted(entity.table);
                               std::string sql = "INSERT INTO " + table + " (" + column_list(columns) + ") ";
                               if (travel == Travel::by_column) {
                                 Numbers numbers;
                                 sql += "VALUES (" + listed(columns, [&](const auto&) { return numbers.next(); }) + ")";
                               } else {
                                 sql += "SELECT " + column_list(columns, "r.") +
                                        " FROM jsonb_populate_recordset(null::" + table + ", $1) r";
                               }
                               if (!conflict.empty()) sql += " ON CONFLICT (" + std::string(conflict) + ") DO NOTHING";
                               return sql + returning(returned);
                             }),
          values_of(columns, rows, travel)};
}

std::string update_sql(const schema::Entity& entity, const Columns& columns, const Returned& returned, Travel travel) {
  const std::string table = quoted(entity.table), key = quoted(entity.key);
  Numbers numbers;
  std::string sets, row;
  bool dated = false;
  for (const auto* column : columns) {
    const auto name = quoted(column->name);
    const auto value = travel == Travel::by_column ? numbers.next() : "r." + name;
    if (column->name == entity.key) {
      row = value;
      continue;
    }
    if (!sets.empty()) sets += ", ";
    sets.append(name).append(" = ").append(value);
    dated = dated || column->name == "updated_at";
  }
  if (!dated && entity.column("updated_at")) sets += ", updated_at = now()";
  const std::string source =
      travel == Travel::by_column ? "" : " FROM jsonb_populate_recordset(null::" + table + ", $1) r";
  return "UPDATE " + table + " t SET " + sets + source + " WHERE t." + key + " = " + row + returning(returned, "t.");
}

} // namespace

std::string returning(const Returned& returned, std::string_view prefix) {
  if (returned.empty()) return {};
  return " RETURNING " + column_list(returned, prefix);
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
  const auto columns = named_columns(entity, rows);
  if (columns.size() < 2) throw std::logic_error("an update of nothing: " + std::string(entity.name));
  const auto travel = travel_of(columns, rows);
  return {statement_of_shape(
              shape({travel == Travel::by_column ? "update" : "update many", entity.table}, columns, returned),
              [&] { return update_sql(entity, columns, returned, travel); }),
          values_of(columns, rows, travel)};
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
                               return "INSERT INTO " + quoted(table) + " (" + quoted(left_column) + ", " +
                                      quoted(right_column) +
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
