#include "query/plan.hpp"
#include "query/known.hpp"
#include <algorithm>
#include <stdexcept>

namespace query {

using schema::Column;
using schema::Entity;
using schema::Relation;
using schema::RelationKind;

Selection::Child* Selection::child(std::string_view relation) {
  for (auto& c : children)
    if (c.relation == relation) return &c;
  return nullptr;
}

Selection& Selection::with(std::string_view relation) {
  if (Child* c = child(relation)) return c->selection;
  return children.emplace_back(Child{std::string(relation), {}}).selection;
}

void know_empty(Selection& selection, std::string_view path) {
  const auto dot = path.find('.');
  Selection::Child* below = selection.child(path.substr(0, dot));
  if (!below) return;
  if (dot == path.npos)
    below->known = Known::none_there;
  else
    know_empty(below->selection, path.substr(dot + 1));
}

bool is_known_empty(const Selection::Child& child) { return child.known == Known::none_there; }

Selection select(const std::vector<std::string>& fields, const std::vector<std::string>& relations) {
  Selection all;
  all.fields = fields;
  for (const std::string_view path : relations) {
    Selection* at = &all;
    for (std::size_t from = 0; from <= path.size();) {
      const auto dot = std::min(path.find('.', from), path.size());
      at = &at->with(path.substr(from, dot - from));
      from = dot + 1;
    }
  }
  return all;
}

class Planner {
 public:
  explicit Planner(const schema::Flags& flags) : flags_(flags) {}

  Plan run(const Read& read) {
    plan_.root = std::make_unique<Node>();
    begin(*plan_.root, *read.entity, read.selection);
    descend(*plan_.root, read.selection, 0, -1);
    return std::move(plan_);
  }

 private:
  void descend(Node& node, const Selection& selection, int depth, int above) {
    for (const auto& wanted : selection.children) {
      const Relation& relation = relation_of(*node.entity_, wanted.relation);
      if (!flags_.on(relation.flag)) continue;
      Node& below = add_child(node, relation, wanted);
      plan_.steps.push_back({&node, node.children_.size() - 1, &wanted, depth, above});
      descend(below, wanted.selection, depth + 1, static_cast<int>(plan_.steps.size()) - 1);
    }
  }

  // Decides which columns a node loads: the wanted ones, its key, and what its own relations lean on.
  void begin(Node& node, const Entity& entity, const Selection& selection) {
    node.entity_ = &entity;
    if (selection.fields.empty()) {
      for (const Column& c : entity.columns)
        if (c.shown == schema::Shown::always && flags_.on(c.flag)) node.load(c, true);
    } else {
      // Shown in the table's order, whatever the order in which they are wanted.
      for (const auto& name : selection.fields)
        if (!entity.column(name)) throw std::logic_error("no column " + std::string(entity.name) + "." + name);
      for (const Column& c : entity.columns)
        if (flags_.on(c.flag) &&
            std::find(selection.fields.begin(), selection.fields.end(), c.name) != selection.fields.end())
          node.load(c, true);
    }
    node.load(*entity.column(entity.key), false);
    for (const auto& name : selection.hidden) node.load(*entity.column(name), false);
    for (const auto& child : selection.children) {
      const Relation& r = relation_of(entity, child.relation);
      if (r.kind == RelationKind::to_one && flags_.on(r.flag)) node.load(*entity.column(r.column), false);
    }
  }

  static const Relation& relation_of(const Entity& entity, std::string_view name) {
    if (const Relation* r = entity.relation(name)) return *r;
    throw std::logic_error("no relation " + std::string(entity.name) + "." + std::string(name));
  }

  Node& add_child(Node& node, const Relation& relation, const Selection::Child& wanted) {
    auto child = std::make_unique<Node>();
    const Entity& target = schema::get(relation.target);
    begin(*child, target, wanted.selection);
    // The column of the child by which its rows are handed to their parents.
    if (relation.kind == RelationKind::to_many || relation.kind == RelationKind::inverse_one)
      child->load(*target.column(relation.column), false);
    if (relation.kind == RelationKind::to_one && !relation.target_column.empty())
      child->load(*target.column(relation.target_column), false);
    return *node.children_.emplace_back(Node::Child{&relation, std::move(child), {}, wanted.place}).node;
  }

  const schema::Flags& flags_;
  Plan plan_;
};

Plan plan(const Read& read, const schema::Flags& flags) { return Planner(flags).run(read); }

} // namespace query
