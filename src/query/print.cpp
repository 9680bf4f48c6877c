#include "query/print.hpp"
#include "base/error.hpp"
#include "db/planning.hpp"
#include "query/shapes.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <stdexcept>

namespace query {
namespace {

// Without one of its own a std::string finds std::quoted, wherever a standard library's header brings that along.
using query::quoted;
std::string quoted(const std::string& identifier) { return quoted(std::string_view(identifier)); }

// Reads are known by their text.
db::Statement statement_for(std::string sql) {
  return statement_of_shape(sql, [&] { return std::move(sql); });
}

void print_columns(std::string& sql, const std::vector<const schema::Column*>& columns) {
  for (const auto* column : columns) {
    if (column != columns.front()) sql += ", ";
    sql += "t.";
    sql += quoted(column->name);
  }
}

const schema::Relation& relation_of(const schema::Entity& entity, std::string_view name) {
  if (const auto* relation = entity.relation(name)) return *relation;
  throw std::logic_error("no relation " + std::string(entity.name) + "." + std::string(name));
}
const schema::Column& column_of(const schema::Entity& entity, std::string_view name) {
  if (const auto* column = entity.column(name)) return *column;
  throw std::logic_error("no column " + std::string(entity.name) + "." + std::string(name));
}

// One condition in SQL; its values are appended to the parameters. Lists travel as one array parameter, compared as
// text, so that the statement's text does not depend on their length.
void print_condition(std::string& sql, const schema::Entity& entity, const Condition& condition, db::Params& params) {
  const auto next = [&](const std::string& value) {
    params.add(value);
    return "$" + std::to_string(params.values().size());
  };
  if (condition.op == Operator::sql) {
    std::size_t used = 0;
    for (std::size_t i = 0; i < condition.column.size(); i++) {
      if (condition.column.compare(i, 2, "$?") == 0) {
        sql += next(condition.values.at(used++));
        i++;
      } else {
        sql += condition.column[i];
      }
    }
    return;
  }
  const std::string column = "t." + quoted(condition.column);
  const schema::Column& described = column_of(entity, condition.column);
  const bool textual = described.type == schema::Type::text;
  if (condition.op != Operator::in && condition.op != Operator::not_in)
    for (const auto& value : condition.values)
      if (!described.compares_with(value)) throw base::Error::malformed(condition.column);
  const auto compare = [&](const char* op) { sql += column + " " + op + " " + next(condition.values.at(0)); };
  const auto list = [&](const char* op) {
    params.add(condition.values);
    sql += (textual ? column : column + "::text") + op + "$" + std::to_string(params.values().size()) + "::text[])";
  };
  switch (condition.op) {
  case Operator::equal: return compare("=");
  case Operator::not_equal: return compare("<>");
  case Operator::less: return compare("<");
  case Operator::less_equal: return compare("<=");
  case Operator::greater: return compare(">");
  case Operator::greater_equal: return compare(">=");
  case Operator::like_ignoring_case: return compare("ILIKE");
  case Operator::in: return list(" = ANY(");
  case Operator::not_in: return list(" <> ALL(");
  case Operator::is_null: sql += column + " IS NULL"; return;
  case Operator::not_null: sql += column + " IS NOT NULL"; return;
  case Operator::sql: return;
  }
}

// What the order of a list needs besides the list's own table.
class Ordering {
 public:
  explicit Ordering(const schema::Entity& entity) : entity_(entity) {}

  void add(const Order& order) {
    by_ += by_.empty() ? " ORDER BY " : ", ";
    by_ += sort_key(order) + (order.descending ? " DESC" : " ASC");
  }
  const std::string& joins() const { return joins_; }
  std::string by() const { return joins_.empty() ? by_ : by_ + ", t." + quoted(entity_.key) + " ASC"; }

 private:
  std::string sort_key(const Order& order) {
    const auto steps = base::split(order.column, '.');
    const std::string_view column = steps.back();
    // 1. Relations to one row are joined, one behind the other.
    const schema::Entity* at = &entity_;
    std::string alias = "t";
    std::size_t step = 0;
    for (; step + 1 < steps.size(); step++) {
      const auto& relation = relation_of(*at, steps[step]);
      if (relation.kind != schema::RelationKind::to_one) break;
      joins_ += join(" LEFT JOIN ", relation, *at, alias);
      at = &schema::get(relation.target);
    }
    if (step + 1 == steps.size()) return alias + "." + quoted(column_of(*at, column).name);
    // 2. From the first relation to many on, one pass over these tables finds the value of each row, whether or not there
    // are indexes. A join of the rows themselves would show a row of the list once for each of them.
    const std::string owner = std::move(alias);
    std::string inner = next();
    const std::string first = inner + "." + quoted(at->key);
    std::string from = " FROM " + quoted(at->table) + " " + inner;
    const std::string owner_key = owner + "." + quoted(at->key);
    for (; step + 1 < steps.size(); step++) {
      const auto& relation = relation_of(*at, steps[step]);
      from += join(" JOIN ", relation, *at, inner);
      at = &schema::get(relation.target);
    }
    const std::string value = least(order, inner + "." + quoted(column), column_of(*at, column).type);
    const std::string found = next();
    joins_ += " LEFT JOIN (SELECT " + first + " AS key, " + value + " AS value" + from + " GROUP BY " + first + ") " +
              found + " ON " + found + ".key = " + owner_key;
    return found + ".value";
  }

  // Joins the rows of a relation to those that are called `alias`, which is the name of the new ones afterwards.
  std::string join(std::string_view how, const schema::Relation& relation, const schema::Entity& from,
                   std::string& alias) {
    const auto& target = schema::get(relation.target);
    std::string sql;
    std::string own = alias + "." + quoted(from.key);
    std::string_view key = relation.column;
    switch (relation.kind) {
    case schema::RelationKind::to_one:
      own = alias + "." + quoted(relation.column);
      key = relation.target_column.empty() ? target.key : relation.target_column;
      break;
    case schema::RelationKind::many_to_many: {
      const std::string link = next();
      sql = std::string(how) + quoted(relation.join_table) + " " + link + " ON " + link + "." +
            quoted(relation.column) + " = " + own;
      own = link + "." + quoted(relation.target_column);
      key = target.key;
      break;
    }
    default: break;
    }
    alias = next();
    sql += std::string(how) + quoted(target.table) + " " + alias + " ON " + alias + "." + quoted(key) + " = " + own;
    if (target.soft_delete) sql += " AND " + alias + ".deleted_at IS NULL";
    return sql;
  }

  // PostgreSQL knows no least boolean and no least JSON.
  static std::string least(const Order& order, std::string value, schema::Type type) {
    if (type == schema::Type::boolean) value += "::int";
    if (type == schema::Type::json) value += "::text";
    return (order.descending ? "max(" : "min(") + value + ")";
  }

  std::string next() { return "o" + std::to_string(++aliases_); }

  const schema::Entity& entity_;
  std::string joins_, by_;
  int aliases_ = 0;
};

// How rows are found that match a pattern depends on the pattern. Other conditions bear the mark themselves.
bool is_planned_each_time(const Read& read) {
  return std::any_of(read.where.begin(), read.where.end(), [](const Condition& condition) {
    const auto says = [&](std::string_view words) { return condition.column.find(words) != std::string::npos; };
    return condition.op == Operator::like_ignoring_case ||
           (condition.op == Operator::sql && (says("ILIKE") || says(db::kPlannedEachTime)));
  });
}

std::string begin_of(const Read& read) {
  return is_planned_each_time(read) ? std::string(db::kPlannedEachTime) : std::string();
}

void print_where(std::string& sql, const Read& read, db::Params& params) {
  const char* joint = " WHERE ";
  const auto part = [&] {
    sql += joint;
    joint = " AND ";
  };
  for (const auto& condition : read.where) {
    part();
    sql += '(';
    print_condition(sql, *read.entity, condition, params);
    sql += ')';
  }
  if (read.entity->soft_delete && read.deleted == Deleted::hidden) {
    part();
    sql += "t.deleted_at IS NULL";
  }
}

} // namespace

db::Command print_root(const Read& read, const std::vector<const schema::Column*>& columns) {
  std::string sql = begin_of(read) + "SELECT ";
  db::Params params;
  print_columns(sql, columns);
  Ordering ordering(*read.entity);
  for (const auto& order : read.order) ordering.add(order);
  sql += " FROM " + quoted(read.entity->table) + " t" + ordering.joins();
  print_where(sql, read, params);
  sql += ordering.by();
  if (read.limit >= 0) {
    params.add(read.limit);
    sql += " LIMIT $" + std::to_string(params.values().size()) + "::bigint";
  }
  if (read.offset > 0) {
    params.add(read.offset);
    sql += " OFFSET $" + std::to_string(params.values().size()) + "::bigint";
  }
  if (read.for_update) sql += " FOR UPDATE OF t";
  return {statement_for(std::move(sql)), std::move(params)};
}

db::Command print_count(const Read& read) {
  std::string sql = begin_of(read) + "SELECT count(*) FROM " + quoted(read.entity->table) + " t";
  db::Params params;
  print_where(sql, read, params);
  return {statement_for(std::move(sql)), std::move(params)};
}

namespace {

// "SELECT columns FROM ... WHERE key <key_set> ..." for the rows of a relation; `source`, where given, is set.
std::string relation_sql(const schema::Relation& relation, const schema::Entity& target,
                         const std::vector<const schema::Column*>& columns, const Selection::Child& wanted,
                         const std::string& key_set, Source* source) {
  std::string selected, from, key;
  print_columns(selected, columns);
  std::string_view column;
  if (relation.kind == schema::RelationKind::many_to_many) {
    key = "j." + quoted(relation.column);
    selected += ", " + key;
    from = " FROM " + quoted(target.table) + " t JOIN " + quoted(relation.join_table) + " j ON j." +
           quoted(relation.target_column) + " = t." + quoted(target.key);
  } else {
    column = relation.column;
    if (relation.kind == schema::RelationKind::to_one)
      column = relation.target_column.empty() ? target.key : relation.target_column;
    key = "t." + quoted(column);
    from = " FROM " + quoted(target.table) + " t";
  }
  from += " WHERE " + key + " " + key_set;
  if (target.soft_delete && wanted.deleted == Deleted::hidden) from += " AND t.deleted_at IS NULL";
  if (!wanted.where.empty()) from += " AND (" + wanted.where + ")";
  std::string sql = "SELECT " + selected + from;
  const std::string_view order_by = wanted.order_by.empty() ? relation.order_by : wanted.order_by;
  if (!order_by.empty()) sql += " ORDER BY " + std::string(order_by);
  if (source) *source = {std::move(from), column, key_set};
  return sql;
}

} // namespace

db::Command print_relation(const schema::Relation& relation, const schema::Entity& target,
                           const std::vector<const schema::Column*>& columns, const Selection::Child& wanted,
                           const std::vector<std::string>& parent_keys) {
  db::Params params;
  params.add(parent_keys);
  return {statement_for(relation_sql(relation, target, columns, wanted, "= ANY($1)", nullptr)), std::move(params)};
}

Source root_source(const schema::Entity& entity) {
  return {" FROM " + quoted(entity.table) + " t WHERE t." + quoted(entity.key) + " = $1", entity.key, "= $1", true};
}

db::Command print_relation_of(const Source& parents, const schema::Entity& parent, const schema::Relation& relation,
                              const schema::Entity& target, const std::vector<const schema::Column*>& columns,
                              const Selection::Child& wanted, std::string_view root_key, Source& made) {
  const bool to_one = relation.kind == schema::RelationKind::to_one;
  const std::string_view needed = to_one ? relation.column : parent.key;
  std::string key_set;
  if (needed == parents.keyed_by) {
    key_set = parents.key_set;
  } else {
    const std::string found = "SELECT t." + quoted(needed) + parents.from;
    key_set = parents.single ? "= (" + found + ")" : "= ANY(ARRAY(" + found + "))";
  }
  std::string sql = relation_sql(relation, target, columns, wanted, key_set, &made);
  made.single = parents.single && to_one;
  return {statement_for(std::move(sql)), db::Params::of(root_key)};
}

} // namespace query
