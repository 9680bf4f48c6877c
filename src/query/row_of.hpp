// Rows whose entity the compiler knows. A table (commerce/*/tables.hpp) lists its columns and relations as constants; a name is
// looked up there when the code is compiled, so that a misspelt one, one of another entity, and a column read as what it is not,
// do not compile; and each read knows the column's place without a search. docs/decisions/0012-names.md says why.
// Owns nothing. Used by whoever reads rows of known entities; any thread.
#pragma once
#include "query/query.hpp"
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace query {

constexpr bool is_text(schema::Type type) {
  return type == schema::Type::text || type == schema::Type::enumeration || type == schema::Type::timestamp;
}
constexpr bool is_integer(schema::Type type) { return type == schema::Type::integer; }
constexpr bool is_number(schema::Type type) {
  return type == schema::Type::integer || type == schema::Type::number || type == schema::Type::numeric;
}
constexpr bool is_boolean(schema::Type type) { return type == schema::Type::boolean; }
constexpr bool is_instant(schema::Type type) { return type == schema::Type::timestamp; }
constexpr bool is_json(schema::Type type) { return type == schema::Type::json; }
constexpr bool is_any(schema::Type) { return true; }

// The place of what has that name; -1 where nothing has.
template<class Described, std::size_t count>
constexpr int place_of(const Described (&all)[count], std::string_view name) {
  for (std::size_t i = 0; i < count; i++)
    if (all[i].name == name) return static_cast<int>(i);
  return -1;
}

// The name of a column of Table that can be read so.
template<class Table, bool (*fits)(schema::Type)> struct ColumnName : ColumnAt {
  template<std::size_t size>
  consteval ColumnName(const char (&name)[size]) : ColumnAt{place_of(Table::columns, {name, size - 1})} {
    if (place < 0) throw "the table has no such column";
    if (!fits(Table::columns[place].type)) throw "the column is of another type";
  }
};

// The name of a relation of Table.
template<class Table> struct RelationName : RelationAt {
  template<std::size_t size>
  consteval RelationName(const char (&name)[size]) : RelationAt{place_of(Table::relations, {name, size - 1})} {
    if (place < 0) throw "the table has no such relation";
  }
};
// The name of one that leads to rows of Target.
template<class Table, class Target> struct RelationTo : RelationName<Table> {
  template<std::size_t size> consteval RelationTo(const char (&name)[size]) : RelationName<Table>(name) {
    if (Table::relations[this->place].target != Target::name) throw "the relation leads to another table";
  }
};

template<class Table> class RowOf : public Row {
 public:
  // Throws std::logic_error for a row of another entity.
  explicit RowOf(const Row& row) : Row(row) {
    if (row.node().entity().name != Table::name)
      throw std::logic_error("a row of " + std::string(row.node().entity().name) + " is none of " +
                             std::string(Table::name));
  }

  std::string_view text(ColumnName<Table, is_text> column) const { return Row::text(column); }
  std::string str(ColumnName<Table, is_text> column) const { return std::string(Row::text(column)); }
  std::optional<std::string> optional_text(ColumnName<Table, is_text> column) const {
    return Row::is_null(column) ? std::nullopt : std::optional<std::string>(Row::text(column));
  }
  std::int64_t integer(ColumnName<Table, is_integer> column) const { return Row::integer(column); }
  std::optional<std::int64_t> optional_integer(ColumnName<Table, is_integer> column) const {
    return Row::is_null(column) ? std::nullopt : std::optional(Row::integer(column));
  }
  double number(ColumnName<Table, is_number> column) const { return Row::number(column); }
  std::optional<double> optional_number(ColumnName<Table, is_number> column) const {
    return Row::is_null(column) ? std::nullopt : std::optional(Row::number(column));
  }
  bool boolean(ColumnName<Table, is_boolean> column) const { return Row::boolean(column); }
  bool is_null(ColumnName<Table, is_any> column) const { return Row::is_null(column); }
  std::optional<base::Instant> instant(ColumnName<Table, is_instant> column) const { return Row::instant(column); }
  base::Json json(ColumnName<Table, is_json> column) const { return Row::json(column); }

  std::string_view id() const { return text("id"); }

  bool has(RelationName<Table> relation) const { return Row::has(relation); }
  template<class Target> std::vector<RowOf<Target>> many(RelationTo<Table, Target> relation) const {
    std::vector<RowOf<Target>> rows;
    for (const Row& row : Row::many(relation)) rows.emplace_back(row);
    return rows;
  }
  // The same, and none where the relation was not loaded.
  template<class Target> std::vector<RowOf<Target>> many_if_loaded(RelationTo<Table, Target> relation) const {
    return Row::has(relation) ? many<Target>(relation) : std::vector<RowOf<Target>>{};
  }
  template<class Target> std::optional<RowOf<Target>> one(RelationTo<Table, Target> relation) const {
    const auto rows = Row::many(relation);
    return rows.empty() ? std::nullopt : std::optional<RowOf<Target>>(rows.front());
  }
};

template<class Table> void write_rows(base::JsonWriter& writer, const std::vector<RowOf<Table>>& rows) {
  writer.open_array();
  for (const auto& row : rows) write_row(writer, row);
  writer.close_array();
}

template<class Table> std::vector<RowOf<Table>> Node::rows() const {
  std::vector<RowOf<Table>> all;
  for (int i = 0; i < size(); i++) all.emplace_back(row(i));
  return all;
}
template<class Table> std::vector<RowOf<Table>> Tree::rows() const { return root->rows<Table>(); }
template<class Table> std::optional<RowOf<Table>> Tree::first() const {
  return root->size() ? std::optional<RowOf<Table>>(root->row(0)) : std::nullopt;
}

} // namespace query
