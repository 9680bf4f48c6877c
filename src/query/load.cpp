#include "query/known.hpp"
#include "query/plan.hpp"
#include "query/print.hpp"
#include "query/query.hpp"
#include <algorithm>
#include <unordered_map>

namespace query {

using schema::Entity;
using schema::Relation;
using schema::RelationKind;

// Fills a planned tree.
class Loader {
 public:
  Loader(db::Session& session, const schema::Flags& flags) : session_(session), flags_(flags) {}

  // Breadth first: all nodes of one depth are asked for in one batch, by the keys of the rows above them.
  Tree run(const Read& read, db::RowCounts* counts) {
    auto [root, steps] = plan(read, flags_);
    Tree tree{std::move(root)};
    tree.count = load_root(*tree.root, read, counts && counts_all(read) ? counts->of(read.entity->table) : nullptr);
    for (int depth = 0; load_depth(steps, depth); depth++) {
    }
    return tree;
  }

  // The same in one batch: every statement finds its parents by itself.
  Tree run_one(Read read, std::string_view key, std::vector<db::Command> queries, std::vector<db::Result>* before) {
    const std::size_t first = queries.size();
    auto [root, steps] = plan(read, flags_);
    Tree tree{std::move(root)};
    read.where = {{std::string(read.entity->key), Operator::equal, {std::string(key)}}};
    queries.push_back(print_root(read, tree.root->columns_));
    const Source from_root = root_source(*read.entity);
    std::vector<Source> sources(steps.size());
    std::vector<bool> asked(steps.size());
    for (std::size_t i = 0; i < steps.size(); i++) {
      const auto& [parent, at, wanted, depth, above] = steps[i];
      if (is_known_empty(*wanted) || (above >= 0 && !asked[static_cast<std::size_t>(above)])) continue;
      asked[i] = true;
      const Node::Child& child = parent->children_[at];
      queries.push_back(print_relation_of(above < 0 ? from_root : sources[static_cast<std::size_t>(above)],
                                          *parent->entity_, *child.relation, child.node->entity(), child.node->columns_,
                                          *wanted, key, sources[i]));
    }
    auto results = session_.batch(std::move(queries));
    tree.root->result_ = std::move(results[first]);
    std::size_t next = first + 1;
    for (std::size_t i = 0; i < steps.size(); i++)
      if (asked[i])
        fill(steps[i], std::move(results[next++]));
      else
        fill(steps[i], {});
    if (before) {
      results.resize(first);
      *before = std::move(results);
    }
    return tree;
  }

 private:
  static bool counts_all(const Read& read) {
    return read.count && read.where.empty() && (read.deleted == Deleted::hidden || !read.entity->soft_delete);
  }

  // Returns the count, where one is wanted: that of `counted`, where the same round trip shows that it still holds.
  std::int64_t load_root(Node& root, const Read& read, db::RowCounts::Table* counted) {
    std::optional<db::ChangeLog::Look> look;
    if (counted) look = counted->log.look();
    std::vector<db::Command> queries{print_root(read, root.columns_)};
    if (look)
      queries.push_back(std::move(look->query));
    else if (read.count)
      queries.push_back(print_count(read));
    auto results = session_.batch(std::move(queries));
    root.result_ = std::move(results[0]);
    if (!look) return read.count ? results[1].integer(0, 0) : 0;
    const auto generation = counted->log.judge(*look, results[1]);
    if (const auto kept = generation ? counted->find(*generation) : std::nullopt) return *kept;
    const auto query = print_count(read);
    const std::int64_t count = session_.run(query.statement, query.params).integer(0, 0);
    if (generation) counted->keep(*generation, count);
    return count;
  }

  // False where there was nothing to ask for, so that there is nothing below either.
  bool load_depth(const std::vector<Step>& steps, int depth) {
    std::vector<db::Command> queries;
    std::vector<const Step*> asked;
    for (const Step& step : steps) {
      if (step.depth != depth) continue;
      Node::Child& child = step.parent->children_[step.child];
      child.rows_of.resize(static_cast<std::size_t>(step.parent->size()));
      const auto keys = parent_keys(*step.parent, *child.relation);
      if (keys.empty() || is_known_empty(*step.wanted)) continue;
      queries.push_back(
          print_relation(*child.relation, child.node->entity(), child.node->columns_, *step.wanted, keys));
      asked.push_back(&step);
    }
    if (queries.empty()) return false;
    auto results = session_.batch(std::move(queries));
    for (std::size_t i = 0; i < asked.size(); i++) fill(*asked[i], std::move(results[i]));
    return true;
  }

  static void fill(const Step& step, db::Result result) {
    Node::Child& child = step.parent->children_[step.child];
    child.rows_of.resize(static_cast<std::size_t>(step.parent->size()));
    child.node->result_ = std::move(result);
    if (step.parent->size()) hand_out(*step.parent, child);
  }

  static std::string_view parent_column(const Entity& entity, const Relation& relation) {
    return relation.kind == RelationKind::to_one ? relation.column : entity.key;
  }

  static std::vector<std::string> parent_keys(const Node& node, const Relation& relation) {
    std::vector<std::string> keys;
    if (!node.size()) return keys;
    const int at = node.position(parent_column(*node.entity_, relation));
    for (int row = 0; row < node.size(); row++)
      if (!node.result_.is_null(row, at)) keys.emplace_back(node.result_.text(row, at));
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
  }

  static void hand_out(const Node& parent, Node::Child& child) {
    const Relation& relation = *child.relation;
    const Node& node = *child.node;
    int key_at;
    switch (relation.kind) {
    case RelationKind::many_to_many: key_at = static_cast<int>(node.columns_.size()); break; // behind our columns
    case RelationKind::to_one:
      key_at = node.position(relation.target_column.empty() ? node.entity_->key : relation.target_column);
      break;
    default: key_at = node.position(relation.column);
    }
    std::unordered_map<std::string_view, std::vector<int>> by_key;
    by_key.reserve(static_cast<std::size_t>(node.size()));
    for (int row = 0; row < node.size(); row++) by_key[node.result_.text(row, key_at)].push_back(row);
    const int parent_at = parent.position(parent_column(*parent.entity_, relation));
    for (int row = 0; row < parent.size(); row++) {
      if (parent.result_.is_null(row, parent_at)) continue;
      const auto found = by_key.find(parent.result_.text(row, parent_at));
      if (found != by_key.end()) child.rows_of[static_cast<std::size_t>(row)] = found->second;
    }
  }

  db::Session& session_;
  const schema::Flags& flags_;
};

Tree read(db::Session& session, const schema::Flags& flags, const Read& what, db::RowCounts* counts) {
  return Loader(session, flags).run(what, counts);
}

Tree read_one(db::Session& session, const schema::Flags& flags, const Read& what, std::string_view key,
              std::vector<db::Command> before) {
  return Loader(session, flags).run_one(what, key, std::move(before), nullptr);
}

Tree read_one(db::Session& session, const schema::Flags& flags, const Read& what, std::string_view key,
              db::Batch& before) {
  std::vector<db::Result> results;
  auto tree = Loader(session, flags).run_one(what, key, before.take(), &results);
  before.give(std::move(results));
  return tree;
}

} // namespace query
