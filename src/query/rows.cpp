#include "query/query.hpp"
#include <stdexcept>

namespace query {

int Node::position(std::string_view column) const {
  for (std::size_t i = 0; i < columns_.size(); i++)
    if (columns_[i]->name == column) return static_cast<int>(i);
  throw std::logic_error(std::string(entity_->name) + "." + std::string(column) + " was not loaded");
}

int Node::position(ColumnAt column) const {
  const int position = positions_[static_cast<std::size_t>(column.place)];
  if (position >= 0) return position;
  throw std::logic_error(std::string(entity_->name) + "." +
                         std::string(entity_->columns[static_cast<std::size_t>(column.place)].name) +
                         " was not loaded");
}

// A column that is wanted twice is loaded once, and shown if either wants that.
void Node::load(const schema::Column& column, bool shown) {
  positions_.resize(entity_->columns.size(), -1);
  int& position = positions_[static_cast<std::size_t>(&column - entity_->columns.data())];
  if (position < 0) {
    position = static_cast<int>(columns_.size());
    columns_.push_back(&column);
    shown_.push_back(false);
  }
  if (shown) shown_[static_cast<std::size_t>(position)] = true;
}

std::vector<Row> Node::rows() const {
  std::vector<Row> all;
  all.reserve(static_cast<std::size_t>(size()));
  for (int i = 0; i < size(); i++) all.emplace_back(this, i);
  return all;
}

const Node* Node::child(std::string_view relation) const {
  for (const auto& c : children_)
    if (c.relation->name == relation) return c.node.get();
  return nullptr;
}

std::string_view Row::text(std::string_view c) const { return node_->result_.text(index_, node_->position(c)); }
std::int64_t Row::integer(std::string_view c) const { return node_->result_.integer(index_, node_->position(c)); }
double Row::number(std::string_view c) const { return node_->result_.number(index_, node_->position(c)); }
bool Row::boolean(std::string_view c) const { return node_->result_.boolean(index_, node_->position(c)); }
bool Row::is_null(std::string_view c) const { return node_->result_.is_null(index_, node_->position(c)); }
std::optional<std::string> Row::optional_text(std::string_view c) const {
  return node_->result_.optional_text(index_, node_->position(c));
}
std::optional<std::int64_t> Row::optional_integer(std::string_view c) const {
  return node_->result_.optional_integer(index_, node_->position(c));
}
std::optional<base::Instant> Row::instant(std::string_view c) const {
  return is_null(c) ? std::nullopt : base::parse_postgres_time(text(c));
}
base::Json Row::json(std::string_view c) const { return is_null(c) ? base::Json(nullptr) : base::parse_json(text(c)); }

std::string_view Row::text(ColumnAt c) const { return node_->result_.text(index_, node_->position(c)); }
std::int64_t Row::integer(ColumnAt c) const { return node_->result_.integer(index_, node_->position(c)); }
double Row::number(ColumnAt c) const { return node_->result_.number(index_, node_->position(c)); }
bool Row::boolean(ColumnAt c) const { return node_->result_.boolean(index_, node_->position(c)); }
bool Row::is_null(ColumnAt c) const { return node_->result_.is_null(index_, node_->position(c)); }
std::optional<base::Instant> Row::instant(ColumnAt c) const {
  return is_null(c) ? std::nullopt : base::parse_postgres_time(text(c));
}
base::Json Row::json(ColumnAt c) const { return is_null(c) ? base::Json(nullptr) : base::parse_json(text(c)); }

bool Row::has(std::string_view relation) const { return node_->child(relation) != nullptr; }

std::vector<Row> Row::many(std::string_view relation) const {
  for (const auto& child : node_->children_) {
    if (child.relation->name == relation) return node_->rows_of(child, index_);
  }
  throw std::logic_error(std::string(node_->entity_->name) + "." + std::string(relation) + " was not loaded");
}

bool Row::has(RelationAt relation) const { return node_->child_at(relation) != nullptr; }

std::vector<Row> Row::many(RelationAt relation) const {
  if (const auto* child = node_->child_at(relation)) return node_->rows_of(*child, index_);
  const auto& named = node_->entity_->relations[static_cast<std::size_t>(relation.place)];
  throw std::logic_error(std::string(node_->entity_->name) + "." + std::string(named.name) + " was not loaded");
}

std::vector<Row> Node::rows_of(const Child& child, int row) const {
  std::vector<Row> rows;
  for (const int at : child.rows_of[static_cast<std::size_t>(row)]) rows.emplace_back(child.node.get(), at);
  return rows;
}

const Node::Child* Node::child_at(RelationAt relation) const {
  const auto* wanted = &entity_->relations[static_cast<std::size_t>(relation.place)];
  for (const auto& child : children_)
    if (child.relation == wanted) return &child;
  return nullptr;
}

std::optional<Row> Row::one(std::string_view relation) const {
  const auto rows = many(relation);
  return rows.empty() ? std::nullopt : std::optional<Row>(rows.front());
}

void Row::compute(std::string_view name, std::string json) const {
  for (auto& computed : node_->computed_)
    if (computed.name == name) {
      computed.json[static_cast<std::size_t>(index_)] = std::move(json);
      return;
    }
  node_->layout_.clear();
  auto& added = node_->computed_.emplace_back();
  added.name = name;
  added.json.resize(static_cast<std::size_t>(node_->size()));
  added.json[static_cast<std::size_t>(index_)] = std::move(json);
}

void Row::compute_behind(std::string_view relation, std::string_view name, std::string json) const {
  compute(name, std::move(json));
  for (auto& computed : node_->computed_)
    if (computed.name == name) computed.behind = relation;
}

} // namespace query
