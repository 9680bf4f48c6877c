// From "which fields and relations of which rows" to a tree of rows, and from there to JSON. The only room that prints
// SELECT statements. A read costs one statement per relation, never one per row; the statements of one depth travel
// together. Called by http's Resource rows and by commerce, on the fiber of the request.
#pragma once
#include "base/json.hpp"
#include "db/batch.hpp"
#include "db/row_counts.hpp"
#include "schema/flags.hpp"
#include "schema/schema.hpp"
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace query {

// What to load of an entity: columns and, nested, relations.
struct Selection {
  std::vector<std::string> fields; // own columns; empty: all that are shown by default. The key is always loaded.
  struct Child;
  std::vector<Child> children;
  std::vector<std::string> hidden{}; // own columns that are loaded besides, and not shown

  Child* child(std::string_view relation);
  // The child of that name, made with all default columns when missing.
  Selection& with(std::string_view relation);
};
// How soft-deleted rows of a relation count.
enum class Deleted { hidden, included };
// What is known of a relation's rows before they are read.
enum class Known { nothing, none_there };
// Where a relation stands among the others. 1.20 shows behind them what it loads unasked.
enum class Place { by_name, last };
struct Selection::Child {
  std::string relation;
  Selection selection;
  Deleted deleted = Deleted::hidden;
  std::string order_by{}; // SQL of our own ("t.created_at ASC, t.id ASC"); empty: as the table gives them
  std::string where{};    // SQL of our own, without parameters: which rows count; empty: all
  Place place = Place::by_name;
  Known known = Known::nothing;
};

// Builds a selection from dotted paths, for example {"variants", "variants.prices"}, each with all default columns.
Selection select(const std::vector<std::string>& fields, const std::vector<std::string>& relations);

enum class Operator {
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,
  not_in,
  is_null,
  not_null,
  like_ignoring_case,
  sql
};
struct Condition {
  std::string column; // own column; for Operator::sql: a boolean SQL expression in which `t` is the entity's table
                      // and $? marks each parameter
  Operator op = Operator::equal;
  std::vector<std::string> values{}; // as text; `in` and `not_in` take any number, `sql` one per $?
  // Operator::sql: PostgreSQL casts belong into the expression ($?::text[]), values are literals in text format.
};

// By an own column, or by one of a relation, which is named behind the relations that lead there ("variants.prices.amount").
// Of several rows of a relation the least value counts ascending, the greatest descending; a row without any stands where
// PostgreSQL puts null: last ascending, first descending. Rows that are equal then come in the order of their keys.
struct Order {
  std::string column;
  bool descending = false;
};

struct Read {
  const schema::Entity* entity = nullptr;
  Selection selection{};
  std::vector<Condition> where{};
  std::vector<Order> order{};
  std::int64_t offset = 0;
  std::int64_t limit = -1; // -1: all
  bool count = false;      // also count all rows that match, whatever the page
  Deleted deleted = Deleted::hidden;
  bool for_update = false; // lock the root rows; needs a transaction
};

class Node;

// A column, and a relation, by its place in the entity. row_of.hpp makes them of names, when the code is compiled.
struct ColumnAt {
  int place;
};
struct RelationAt {
  int place;
};
template<class Table> class RowOf; // row_of.hpp

// One row of a node, whatever its entity. A light handle: valid as long as its Tree. Columns and relations are named as in the
// entity; a name that was not loaded is a bug in the caller and throws std::logic_error. Code that knows the entity reads a
// RowOf, whose names are checked when it is compiled.
class Row {
 public:
  Row(const Node* node, int index) : node_(node), index_(index) {}
  std::string_view text(std::string_view column) const; // "" where null
  std::string str(std::string_view column) const { return std::string(text(column)); }
  std::int64_t integer(std::string_view column) const;
  double number(std::string_view column) const;
  bool boolean(std::string_view column) const;
  bool is_null(std::string_view column) const;
  std::optional<std::string> optional_text(std::string_view column) const;
  std::optional<std::int64_t> optional_integer(std::string_view column) const;
  std::optional<base::Instant> instant(std::string_view column) const;
  base::Json json(std::string_view column) const; // a jsonb column parsed; null where null
  std::string_view id() const { return text("id"); }
  std::string_view text(ColumnAt column) const;
  std::int64_t integer(ColumnAt column) const;
  double number(ColumnAt column) const;
  bool boolean(ColumnAt column) const;
  bool is_null(ColumnAt column) const;
  std::optional<base::Instant> instant(ColumnAt column) const;
  base::Json json(ColumnAt column) const;

  bool has(std::string_view relation) const;               // was it loaded?
  std::vector<Row> many(std::string_view relation) const;  // rows of a to-many relation
  std::optional<Row> one(std::string_view relation) const; // the row of a to-one relation
  bool has(RelationAt relation) const;
  std::vector<Row> many(RelationAt relation) const;

  // A member that is computed rather than stored. `json` is JSON text. It takes the place of a column or relation of
  // that name (also of one that was not loaded), else stands behind them; an empty string leaves the member out.
  void compute(std::string_view name, std::string json) const;
  void compute(std::string_view name, const base::Json& value) const { compute(name, value.dump()); }
  // The same, standing right behind a loaded relation, or at the end where that was not loaded.
  void compute_behind(std::string_view relation, std::string_view name, std::string json) const;
  const Node& node() const { return *node_; }
  int index() const { return index_; }

 private:
  const Node* node_;
  int index_;
};

// All rows of one entity at one place of the tree, and the nodes of their relations.
class Node {
 public:
  const schema::Entity& entity() const { return *entity_; }
  int size() const { return result_ ? result_.rows() : 0; }
  Row row(int index) const { return {this, index}; }
  // Rows of all parents together: what a decorator that works on all of them at once wants.
  std::vector<Row> rows() const;
  template<class Table> std::vector<RowOf<Table>> rows() const; // row_of.hpp
  const Node* child(std::string_view relation) const;

 private:
  friend class Row;
  friend class Planner;
  friend class Loader;
  friend void write_row(base::JsonWriter&, const Row&);
  friend base::Json row_value(const Row&);
  struct Child {
    const schema::Relation* relation;
    std::unique_ptr<Node> node;
    std::vector<std::vector<int>> rows_of; // by row of this node
    Place place = Place::by_name;
  };
  struct Computed {
    std::string name;
    std::vector<std::optional<std::string>> json; // by row; nullopt: nothing computed there
    std::string behind{};                         // the relation behind which it stands
  };
  // A member of the rows' JSON: a column or a relation, what was computed, or one that may stand for the other; -1: not.
  struct Member {
    std::string_view name;
    int column = -1, child = -1, computed = -1;
  };
  int position(std::string_view column) const; // both throw std::logic_error
  int position(ColumnAt column) const;
  void load(const schema::Column& column, bool shown);
  std::vector<Row> rows_of(const Child& child, int row) const;
  const Child* child_at(RelationAt relation) const;
  void lay_out() const;
  const schema::Entity* entity_ = nullptr;
  std::vector<const schema::Column*> columns_; // as selected from column 0 of the result on
  std::vector<bool> shown_;                    // false: loaded only to link or because it is the key
  std::vector<int> positions_;                 // in the result, by place in the entity; -1: not loaded
  db::Result result_;
  std::vector<Child> children_;
  mutable std::vector<Computed> computed_;
  mutable std::vector<Member> layout_; // empty: not made since the last name was computed
};

struct Tree {
  std::unique_ptr<Node> root;
  std::int64_t count = 0; // with Read::count

  std::vector<Row> rows() const { return root->rows(); }
  std::optional<Row> first() const { return root->size() ? std::optional<Row>(root->row(0)) : std::nullopt; }
  // Rows whose entity is known, and checked (row_of.hpp).
  template<class Table> std::vector<RowOf<Table>> rows() const;
  template<class Table> std::optional<RowOf<Table>> first() const;
};

// Runs the read. Throws base::Error for what the database refuses. `counts`: asked instead of the database where it knows.
Tree read(db::Session& session, const schema::Flags& flags, const Read& read, const db::Counts& counts = {});
// Reads the one row whose key is `key`, with its relations, in a single round trip: each statement finds its parents
// itself instead of waiting for them. For trees of few rows. `before` travels ahead of it in the same batch (writes that
// the read shall see, or other reads, whose results a Batch hands out). Of `read`: entity, selection, deleted, for_update.
Tree read_one(db::Session& session, const schema::Flags& flags, const Read& read, std::string_view key,
              std::vector<db::Command> before = {});
Tree read_one(db::Session& session, const schema::Flags& flags, const Read& read, std::string_view key,
              db::Batch& before);

// Appends the row as a JSON object: its selected columns in the table's order, its relations in the order of their names
// (as 1.20 shows them), then what was computed.
void write_row(base::JsonWriter& writer, const Row& row);
std::string row_json(const Row& row);
// The row's own shown columns (no relations, nothing computed) as a JSON object, for code that goes on changing them.
base::Json row_value(const Row& row);
// `"name": [rows...]` pieces are written by the callers with these two.
void write_rows(base::JsonWriter& writer, const std::vector<Row>& rows);

} // namespace query
