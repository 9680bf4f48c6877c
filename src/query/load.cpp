#include "query/kept.hpp"
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

// Fills a planned tree. Rows that are kept in the process are shown from there, once the first round trip has confirmed them for
// this request; what is missing there is read by its keys, as all relations of a list are, and kept.
class Loader {
 public:
  Loader(db::Session& session, const schema::Flags& flags) : session_(session), flags_(flags) {}

  // Breadth first: all nodes of one depth are asked for in one batch, by the keys of the rows above them.
  Tree run(const Read& read, db::RowCounts* counts) {
    auto [root, steps] = plan(read, flags_);
    Tree tree{std::move(root)};
    choose(steps, {});
    tree.count = load_root(*tree.root, read, counts && counts_all(read) ? counts->of(read.entity->table) : nullptr);
    load_rest(steps, std::vector<bool>(steps.size()));
    return tree;
  }

  // In one batch, but for what is kept: every statement finds its parents by itself.
  Tree run_one(Read read, std::string_view key, std::vector<db::Command> queries, std::vector<db::Result>* before) {
    const std::size_t first = queries.size();
    auto [root, steps] = plan(read, flags_);
    Tree tree{std::move(root)};
    choose(steps, queries);
    const bool root_is_kept = queries.empty() && !read.for_update && find_root(*tree.root, read, std::string(key));
    const bool looks = kept_ && !confirmed_;
    if (looks) queries.push_back(kept_->look());
    if (!root_is_kept) {
      read.where = {{std::string(read.entity->key), Operator::equal, {std::string(key)}}};
      queries.push_back(print_root(read, tree.root->columns_));
    }
    const Source from_root = root_source(*read.entity);
    std::vector<Source> sources(steps.size());
    std::vector<bool> asked(steps.size());
    for (std::size_t i = 0; i < steps.size(); i++) {
      const auto& [parent, at, wanted, depth, above] = steps[i];
      if (is_known_empty(*wanted) || kept_questions_[i] || (above >= 0 && !asked[static_cast<std::size_t>(above)]))
        continue;
      asked[i] = true;
      const Node::Child& child = parent->children_[at];
      queries.push_back(print_relation_of(above < 0 ? from_root : sources[static_cast<std::size_t>(above)],
                                          *parent->entity_, *child.relation, child.node->entity(), child.node->columns_,
                                          *wanted, key, sources[i]));
    }
    auto results = session_.batch(std::move(queries));
    std::size_t next = first;
    if (looks) judge(results[next++]);
    if (!root_is_kept) tree.root->result_ = std::move(results[next++]);
    for (std::size_t i = 0; i < steps.size(); i++)
      if (asked[i]) fill(steps[i], std::move(results[next++]));
    load_rest(steps, std::move(asked));
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

  // Decides which relations may be shown from kept rows, where any are, and what travels ahead changes none of them.
  void choose(const std::vector<Step>& steps, const std::vector<db::Command>& ahead) {
    kept_questions_.resize(steps.size());
    kept_ = session_.kept_rows();
    if (kept_ && db::changes(*kept_, ahead)) kept_ = nullptr;
    if (!kept_) return;
    bool any = false;
    for (std::size_t i = 0; i < steps.size(); i++) {
      const Node::Child& child = steps[i].parent->children_[steps[i].child];
      kept_questions_[i] = kept_question(*kept_, *child.relation, child.node->entity(), *steps[i].wanted, flags_);
      any = any || kept_questions_[i];
    }
    if (any)
      confirmed_ = db::confirmed(*kept_);
    else
      kept_ = nullptr;
  }

  void judge(const db::Result& looked) {
    confirmed_ = kept_->judge(looked);
    db::confirm(*kept_, confirmed_);
  }

  // Shows the root from what is kept of it.
  bool find_root(Node& root, const Read& read, const std::string& key) {
    if (!kept_ || !confirmed_) return false;
    const auto* question = kept_question(*kept_, *read.entity, read.deleted, flags_);
    if (!question) return false;
    const auto found = kept_->find(question->kept, {&key, 1});
    if (!found.front()) return false;
    root.result_ = db::result_of(found, places_in(*question, root));
    return true;
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
    const bool looks = kept_ && !confirmed_;
    if (looks) queries.push_back(kept_->look());
    auto results = session_.batch(std::move(queries));
    if (looks) judge(results.back());
    root.result_ = std::move(results[0]);
    if (!look) return read.count ? results[1].integer(0, 0) : 0;
    const auto generation = counted->log.judge(*look, results[1]);
    if (const auto kept = generation ? counted->find(*generation) : std::nullopt) return *kept;
    const auto query = print_count(read);
    const std::int64_t count = session_.run(query.statement, query.params).integer(0, 0);
    if (generation) counted->keep(*generation, count);
    return count;
  }

  // The relations that are not filled yet, one depth after the other.
  void load_rest(const std::vector<Step>& steps, std::vector<bool> filled) {
    for (int depth = 0;; depth++) {
      std::vector<Open> open;
      bool any = false;
      for (std::size_t i = 0; i < steps.size(); i++) {
        if (steps[i].depth != depth) continue;
        any = true;
        if (filled[i]) continue;
        Open one = opened(steps[i], kept_ && confirmed_ ? kept_questions_[i] : nullptr);
        if (one.missing().empty())
          finish(one, {}, 0);
        else
          open.push_back(std::move(one));
      }
      if (!any) return;
      if (open.empty()) continue;
      std::vector<db::Command> queries;
      for (const Open& one : open) queries.push_back(question_of(one));
      const auto asked_at = kept_ ? kept_->clock() : 0;
      auto results = session_.batch(std::move(queries));
      for (std::size_t i = 0; i < open.size(); i++) finish(open[i], std::move(results[i]), asked_at);
    }
  }

  // A relation that is being filled.
  struct Open {
    const Step* step;
    const KeptQuestion* question;
    std::vector<std::string> keys;        // of the parents that it is asked for
    std::optional<db::PackedRowsOf> rows; // where they are kept

    const std::vector<std::string>& missing() const { return rows ? rows->missing() : keys; }
  };

  Open opened(const Step& step, const KeptQuestion* question) {
    const Node::Child& child = step.parent->children_[step.child];
    Open open{&step, question, {}, {}};
    if (!is_known_empty(*step.wanted)) open.keys = parent_keys(*step.parent, *child.relation);
    if (question && !open.keys.empty()) open.rows.emplace(question->kept, open.keys).find(*kept_);
    return open;
  }

  db::Command question_of(const Open& open) const {
    if (open.rows) return {open.question->kept.statement, db::Params::of(open.missing())};
    const Node::Child& child = open.step->parent->children_[open.step->child];
    return print_relation(*child.relation, child.node->entity(), child.node->columns_, *open.step->wanted, open.keys);
  }

  // With what was asked for in the meantime, where something was.
  void finish(Open& open, std::optional<db::Result> asked, db::KeptRows::Confirmed asked_at) {
    if (!open.rows) return fill(*open.step, asked ? std::move(*asked) : db::Result());
    if (asked) open.rows->take(*kept_, *asked, asked_at);
    auto places = places_in(*open.question, *open.step->parent->children_[open.step->child].node);
    if (open.question->parent >= 0) places.push_back(open.question->parent);
    fill(*open.step, open.rows->result(places));
  }

  // Where the columns of a node stand in rows that are kept with all columns.
  static std::vector<int> places_in(const KeptQuestion& question, const Node& node) {
    std::vector<int> places;
    places.reserve(node.columns_.size() + 1);
    for (const auto* column : node.columns_)
      places.push_back(question.places[static_cast<std::size_t>(column - node.entity_->columns.data())]);
    return places;
  }

  static void fill(const Step& step, db::Result result) {
    Node::Child& child = step.parent->children_[step.child];
    child.rows_of.resize(static_cast<std::size_t>(step.parent->size()));
    child.node->result_ = std::move(result);
    if (step.parent->size() && child.node->size()) hand_out(*step.parent, child);
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
  db::KeptRows* kept_ = nullptr;                    // null: nothing of this read is kept
  db::KeptRows::Confirmed confirmed_ = 0;           // 0: not yet, or they may not be used
  std::vector<const KeptQuestion*> kept_questions_; // by step; null: none
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
