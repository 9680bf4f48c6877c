#include "schema/schema.hpp"
#include "schema/extension.hpp"
#include <cfloat>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <stdexcept>

namespace schema {
namespace {
// A deque keeps addresses stable while entities are being added from many files' static initialisers.
std::deque<Entity>& entities() {
  static std::deque<Entity> list;
  return list;
}
std::map<std::string_view, const Entity*>& by_name() {
  static std::map<std::string_view, const Entity*> index;
  return index;
}

constexpr double kLeastInteger = std::numeric_limits<std::int32_t>::min();
constexpr double kMostInteger = std::numeric_limits<std::int32_t>::max();

bool holds_number(Type type, double value) {
  switch (type) {
  case Type::integer: return value >= kLeastInteger && value <= kMostInteger && value == std::floor(value);
  // PostgreSQL refuses also what would become zero.
  case Type::number: return std::abs(value) <= FLT_MAX && (value == 0 || static_cast<float>(value) != 0);
  case Type::numeric: return std::isfinite(value);
  default: return true;
  }
}

} // namespace

std::optional<Column::Range> Column::range() const {
  switch (type) {
  case Type::integer: return Range{is_signed == Signed::yes ? kLeastInteger : 0, kMostInteger};
  case Type::number: return Range{is_signed == Signed::yes ? -FLT_MAX : 0, FLT_MAX};
  default: return std::nullopt;
  }
}

bool Column::holds(const base::Json& value) const {
  return !value.is_number() || holds_number(type, value.as_number());
}

bool Column::compares_with(std::string_view value) const {
  if (type != Type::integer && type != Type::number && type != Type::numeric) return true;
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return error == std::errc() && end == value.data() + value.size() && holds_number(type, number);
}

const Column* Entity::column(std::string_view wanted) const {
  for (const auto& c : columns)
    if (c.name == wanted) return &c;
  return nullptr;
}

const Relation* Entity::relation(std::string_view wanted) const {
  for (const auto& r : relations)
    if (r.name == wanted) return &r;
  return nullptr;
}

const Entity& add(Entity entity) {
  const Entity& kept = entities().emplace_back(std::move(entity));
  by_name()[kept.name] = &kept;
  return kept;
}

void extend(std::string_view name, const std::vector<AddedColumn>& columns) {
  static std::deque<std::string> names;
  for (Entity& entity : entities()) {
    if (entity.name != name) continue;
    for (const AddedColumn& column : columns)
      if (!entity.column(column.name))
        entity.columns.push_back({.name = names.emplace_back(column.name),
                                  .type = column.type,
                                  .nullable = column.nullable,
                                  .shown = column.shown});
    return;
  }
  throw std::logic_error("no entity is named " + std::string(name));
}

const Entity* find(std::string_view class_name) {
  const auto it = by_name().find(class_name);
  return it == by_name().end() ? nullptr : it->second;
}

const Entity& get(std::string_view class_name) {
  if (const Entity* e = find(class_name)) return *e;
  throw std::logic_error("no entity is named " + std::string(class_name));
}

std::vector<const Entity*> all() {
  std::vector<const Entity*> list;
  for (const auto& [name, entity] : by_name()) list.push_back(entity);
  return list;
}

std::vector<std::string> check() {
  std::vector<std::string> faults;
  const auto fault = [&](const Entity& e, std::string_view what) {
    faults.push_back(std::string(e.name) + ": " + std::string(what));
  };
  for (const Entity& e : entities()) {
    if (by_name()[e.name] != &e) fault(e, "described twice");
    if (!e.column(e.key)) fault(e, "the key is no column");
    if (e.soft_delete && !e.column("deleted_at")) fault(e, "soft_delete without deleted_at");
    for (const Relation& r : e.relations) {
      const Entity* target = find(r.target);
      const std::string named = "relation " + std::string(r.name);
      if (!target) {
        fault(e, named + " leads to an unknown entity");
        continue;
      }
      const bool own = r.kind == RelationKind::to_one;
      const bool theirs = r.kind == RelationKind::to_many || r.kind == RelationKind::inverse_one;
      if (own && !e.column(r.column)) fault(e, named + " leans on an unknown own column");
      if (own && !r.target_column.empty() && !target->column(r.target_column))
        fault(e, named + " leans on an unknown target column");
      if (theirs && !target->column(r.column)) fault(e, named + " leans on an unknown column of its target");
      if (r.kind == RelationKind::many_to_many && (r.join_table.empty() || r.target_column.empty()))
        fault(e, named + " lacks its join table");
    }
  }
  return faults;
}

} // namespace schema
