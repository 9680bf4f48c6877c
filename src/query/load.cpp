#include "query/in_hand.hpp"
#include "query/kept.hpp"
#include "query/known.hpp"
#include "query/plan.hpp"
#include "query/print.hpp"
#include "query/query.hpp"
#include "query/shapes.hpp"
#include "query/sparse.hpp"
#include <algorithm>
#include <set>
#include <stdexcept>
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
  Tree run(const Read& read, const db::Counts& counts) {
    auto [root, steps] = plan(read, flags_);
    Tree tree{std::move(root)};
    choose(steps, {});
    auto* all = counts.rows && counts_all(read) ? counts.rows->of(read.entity->table) : nullptr;
    tree.count = all ? load_counted(*tree.root, read, *all) : load_root(*tree.root, read, counts);
    load_rest(steps, std::vector<bool>(steps.size()));
    return tree;
  }

  // In one batch, but for what is kept: every statement finds its parents by itself. What is in hand is not asked for.
  Tree run_one(const Read& read, std::string_view key, db::Batch& before, InHand* in_hand) {
    in_hand_ = in_hand;
    auto queries = before.take();
    const std::size_t first = queries.size();
    auto [root, steps] = plan(read, flags_);
    Tree tree{std::move(root)};
    choose(steps, queries);
    // 1. Where each node comes from.
    const InHand::Wanted wanted_root{
        .path = {}, .entity = *read.entity, .columns = tree.root->columns_, .order_by = {}};
    const bool root_in_hand = in_hand_ && is_in_hand(wanted_root, {});
    const bool root_is_kept =
        !root_in_hand && queries.empty() && !read.for_update && find_root(*tree.root, read, std::string(key));
    const auto from = origins(steps, root_in_hand);
    const bool looks = must_look(from);
    if (looks) queries.push_back(kept_->look());
    if (!root_in_hand && !root_is_kept) queries.push_back(print_root_of(read, key, *tree.root));
    for (std::size_t i = 0; i < steps.size(); i++)
      if (from[i] == From::database) queries.push_back(print_step(steps, i, key));
    // 2. The answers, those of `before` first: rows in hand may be among them.
    auto own = send(std::move(queries), first, before);
    std::size_t next = 0;
    if (looks) judge(own[next++]);
    if (!root_is_kept) tree.root->result_ = root_in_hand ? rows_in_hand(wanted_root) : std::move(own[next++]);
    std::vector<bool> filled(steps.size());
    for (std::size_t i = 0; i < steps.size(); i++) {
      if (from[i] == From::database) fill(steps[i], std::move(own[next++]));
      if (from[i] == From::hand) fill_in_hand(steps[i], paths_[i]);
      filled[i] = from[i] == From::database || from[i] == From::hand;
    }
    // 3. What is kept.
    load_rest(steps, std::move(filled));
    return tree;
  }

  // In two: the first brings the row and tells which of its relations have rows.
  Tree run_sparse(const Read& read, std::string_view key, db::Batch& before) {
    auto queries = before.take();
    const std::size_t first = queries.size();
    auto [root, steps] = plan(read, flags_);
    Tree tree{std::move(root)};
    choose(steps, queries);
    const auto from = origins(steps, false);
    const bool looks = must_look(from);
    if (looks) queries.push_back(kept_->look());
    queries.push_back(print_root_of(read, key, *tree.root));
    // A statement behind that of the row: it sees what was committed while the row was waited for.
    std::vector<std::optional<db::Command>> asks(steps.size());
    std::string probes;
    for (std::size_t i = 0; i < steps.size(); i++) {
      if (from[i] != From::database) continue;
      asks[i] = print_step(steps, i, key);
      if (!leads_from_root(steps[i])) probes += (probes.empty() ? "SELECT " : ", ") + exists(*sources_[i]);
    }
    if (!probes.empty()) queries.push_back({statement_of_shape(probes, [&] { return probes; }), db::Params::of(key)});
    auto results = send(std::move(queries), first, before);
    std::size_t next = 0;
    if (looks) judge(results[next++]);
    load_there(tree, steps, std::move(asks), std::move(results), next);
    return tree;
  }

 private:
  // Whether the row itself says that the relation is empty.
  static bool leads_from_root(const Step& step) {
    return step.above < 0 && step.parent->children_[step.child].relation->kind == RelationKind::to_one;
  }
  static std::string exists(const Source& source) { return "EXISTS (SELECT 1" + source.from + ")"; }

  // `results`: from `next` on the row, and which of the relations that it does not tell itself have rows.
  void load_there(Tree& tree, const std::vector<Step>& steps, std::vector<std::optional<db::Command>> asks,
                  std::vector<db::Result> results, std::size_t next) {
    Node& root = *tree.root;
    root.result_ = std::move(results[next++]);
    const db::Result there = next < results.size() ? std::move(results[next]) : db::Result();
    std::vector<bool> filled(steps.size()), asked(steps.size());
    std::vector<db::Command> queries;
    int probe = 0;
    for (std::size_t i = 0; i < steps.size(); i++) {
      if (!asks[i]) continue;
      filled[i] = true;
      const Relation& relation = *steps[i].parent->children_[steps[i].child].relation;
      const bool any = leads_from_root(steps[i])
                           ? root.size() && !root.result_.is_null(0, root.position(relation.column))
                           : there.boolean(0, probe++);
      const bool above = steps[i].above < 0 ? root.size() > 0 : asked[static_cast<std::size_t>(steps[i].above)];
      asked[i] = any && above;
      if (asked[i]) queries.push_back(std::move(*asks[i]));
    }
    auto rows = queries.empty() ? std::vector<db::Result>() : session_.batch(std::move(queries));
    std::size_t at = 0;
    for (std::size_t i = 0; i < steps.size(); i++)
      if (filled[i]) fill(steps[i], asked[i] ? std::move(rows[at++]) : db::Result());
    load_rest(steps, std::move(filled));
  }

  // Where the rows of a step are: below what is kept, they are asked for by their parents' keys afterwards.
  enum class From { hand, database, kept, below_kept };
  bool must_look(const std::vector<From>& from) const {
    return kept_ && !confirmed_ && std::find(from.begin(), from.end(), From::kept) != from.end();
  }

  // The results of what was in front go back to whom they belong.
  std::vector<db::Result> send(std::vector<db::Command> queries, std::size_t in_front, db::Batch& before) {
    auto results = queries.empty() ? std::vector<db::Result>() : session_.batch(std::move(queries));
    std::vector<db::Result> own(std::make_move_iterator(results.begin() + static_cast<std::ptrdiff_t>(in_front)),
                                std::make_move_iterator(results.end()));
    results.resize(in_front);
    before.give(std::move(results));
    return own;
  }

  static db::Command print_root_of(const Read& read, std::string_view key, const Node& root) {
    const Read row{.entity = read.entity,
                   .where = {{std::string(read.entity->key), Operator::equal, {std::string(key)}}},
                   .deleted = read.deleted,
                   .for_update = read.for_update};
    return print_root(row, root.columns_);
  }

  std::vector<From> origins(const std::vector<Step>& steps, bool root_in_hand) {
    std::vector<From> from(steps.size(), From::below_kept);
    paths_.resize(steps.size());
    sources_.resize(steps.size());
    for (std::size_t i = 0; i < steps.size(); i++) {
      const auto& [parent, at, wanted, depth, above] = steps[i];
      const auto parent_step = static_cast<std::size_t>(above);
      const From of_parent = above >= 0 ? from[parent_step] : root_in_hand ? From::hand : From::database;
      paths_[i] = (above >= 0 ? paths_[parent_step] + "." : "") + wanted->relation;
      if (of_parent == From::hand && is_in_hand(wanted_of(steps[i], paths_[i]), wanted->where))
        from[i] = From::hand;
      else if (kept_questions_[i])
        from[i] = From::kept;
      else if (!is_known_empty(*wanted) && (of_parent == From::hand || of_parent == From::database))
        from[i] = From::database;
    }
    return from;
  }

  static InHand::Wanted wanted_of(const Step& step, const std::string& path) {
    const Node::Child& child = step.parent->children_[step.child];
    const std::string_view order_by = step.wanted->order_by.empty() ? child.relation->order_by : step.wanted->order_by;
    return {path, child.node->entity(), child.node->columns_, order_by,
            child.relation->kind == RelationKind::many_to_many};
  }

  // Whether all rows there are in hand, where those above them are.
  bool is_in_hand(const InHand::Wanted& wanted, std::string_view where) const {
    const auto* edit = in_hand_->edited(wanted.path);
    const Node* known = in_hand_->node(wanted.path);
    if (edit && (edit->forgotten || (edit->adds() && !where.empty()) || !in_hand_->keeps_order(wanted))) return false;
    if (!known) return in_hand_->is_new() && (edit || !wanted.path.empty());
    if (wanted.joined && (edit ? wanted.path.find('.') != wanted.path.npos : known->columns_ != wanted.columns))
      return false; // to whom the rows belong is not known any more
    return std::all_of(wanted.columns.begin(), wanted.columns.end(), [&](const auto* column) {
      return known->positions_[static_cast<std::size_t>(column - wanted.entity.columns.data())] >= 0;
    });
  }

  // Rows that are as they were read, and shown in the same way; null otherwise.
  Node* untouched(const InHand::Wanted& wanted) {
    Node* known = in_hand_->node(wanted.path);
    return known && !in_hand_->edited(wanted.path) && known->columns_ == wanted.columns ? known : nullptr;
  }

  db::Result rows_in_hand(const InHand::Wanted& wanted) {
    if (Node* known = untouched(wanted)) return std::move(known->result_);
    return in_hand_->rows(wanted, nullptr, {});
  }

  void fill_in_hand(const Step& step, const std::string& path) {
    const auto wanted = wanted_of(step, path);
    if (Node* known = untouched(wanted)) {
      fill(step, std::move(known->result_));
    } else {
      const Relation& relation = *step.parent->children_[step.child].relation;
      const Node& parent = *step.parent;
      std::set<std::string_view, std::less<>> keys;
      const int at = parent.position(parent_column(*parent.entity_, relation));
      for (int row = 0; row < parent.size(); row++)
        if (!parent.result_.is_null(row, at)) keys.insert(parent.result_.text(row, at));
      const auto* link = wanted.joined ? nullptr : wanted.entity.column(key_column(relation, wanted.entity));
      fill(step, keys.empty() ? db::Result() : in_hand_->rows(wanted, link, keys));
    }
    refuse_unknown(step, path);
  }

  // A row that has come to lead to another one must have brought that one along.
  void refuse_unknown(const Step& step, const std::string& path) const {
    const Node::Child& child = step.parent->children_[step.child];
    const auto dot = path.rfind('.');
    const std::string above = dot == path.npos ? "" : path.substr(0, dot);
    if (child.relation->kind != RelationKind::to_one || !in_hand_->edited(above)) return;
    std::set<std::string, std::less<>> gone; // led nowhere before, too
    const auto place = child.relation->column;
    if (const Node* before = in_hand_->node(above))
      for (const Row& row : before->rows())
        if (!row.is_null(place)) gone.emplace(row.text(place));
    for (const Row& row : step.parent->rows())
      if (!row.is_null(place) && child.rows_of[static_cast<std::size_t>(row.index())].empty() &&
          !gone.contains(row.text(place)))
        throw std::logic_error("a row of " + path + " is not in hand");
  }

  // The statement for a step whose parents the database finds by itself.
  db::Command print_step(const std::vector<Step>& steps, std::size_t i, std::string_view key) {
    const auto& [parent, at, wanted, depth, above] = steps[i];
    const Source from_root = root_source(*steps.front().parent->entity_);
    if (above >= 0 && !sources_[static_cast<std::size_t>(above)])
      print_step(steps, static_cast<std::size_t>(above), key);
    const Node::Child& child = parent->children_[at];
    return print_relation_of(above < 0 ? from_root : *sources_[static_cast<std::size_t>(above)], *parent->entity_,
                             *child.relation, child.node->entity(), child.node->columns_, *wanted, key,
                             sources_[i].emplace());
  }

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

  // The rows of the root, and the result of what is asked beside them, if anything is.
  db::Result load_root_beside(Node& root, const Read& read, std::optional<db::Command> beside) {
    std::vector<db::Command> queries{print_root(read, root.columns_)};
    if (beside) queries.push_back(std::move(*beside));
    const bool looks = kept_ && !confirmed_;
    if (looks) queries.push_back(kept_->look());
    auto results = session_.batch(std::move(queries));
    if (looks) judge(results.back());
    root.result_ = std::move(results[0]);
    return beside ? std::move(results[1]) : db::Result();
  }

  // Returns the count, where one is wanted.
  std::int64_t load_root(Node& root, const Read& read, const db::Counts& counts) {
    if (!read.count) return load_root_beside(root, read, {}), 0;
    auto query = print_count(read);
    std::string what;
    if (counts.lists) {
      what = query.statement.sql();
      for (const auto& value : query.params.values())
        what += value ? "\n" + std::to_string(value->size()) + ":" + *value : "\n-";
      if (const auto kept = counts.lists->find(what, counts.generation)) return load_root_beside(root, read, {}), *kept;
    }
    const auto count = load_root_beside(root, read, std::move(query)).integer(0, 0);
    if (counts.lists) counts.lists->keep(std::move(what), counts.generation, count);
    return count;
  }

  // The same for the count of all rows, which the same round trip confirms.
  std::int64_t load_counted(Node& root, const Read& read, db::RowCounts::Table& counted) {
    auto look = counted.log.look();
    const auto looked = load_root_beside(root, read, std::move(look.query));
    const auto generation = counted.log.judge(look, looked);
    if (const auto kept = generation ? counted.find(*generation) : std::nullopt) return *kept;
    const auto query = print_count(read);
    const std::int64_t count = session_.run(query.statement, query.params).integer(0, 0);
    if (generation) counted.keep(*generation, count);
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

  // The column by which rows of a relation are handed to their parents; not of one through a join table.
  static std::string_view key_column(const Relation& relation, const Entity& target) {
    if (relation.kind != RelationKind::to_one) return relation.column;
    return relation.target_column.empty() ? target.key : relation.target_column;
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
    const int key_at = relation.kind == RelationKind::many_to_many
                           ? static_cast<int>(node.columns_.size()) // behind our columns
                           : node.position(key_column(relation, *node.entity_));
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
  // Of run_one:
  InHand* in_hand_ = nullptr;                  // null: nothing is
  std::vector<std::string> paths_;             // by step
  std::vector<std::optional<Source>> sources_; // by step, where they were needed
};

Tree read(db::Session& session, const schema::Flags& flags, const Read& what, const db::Counts& counts) {
  return Loader(session, flags).run(what, counts);
}

Tree read_one(db::Session& session, const schema::Flags& flags, const Read& what, std::string_view key,
              std::vector<db::Command> before) {
  db::Batch batch(std::move(before));
  return Loader(session, flags).run_one(what, key, batch, nullptr);
}

Tree read_one(db::Session& session, const schema::Flags& flags, const Read& what, std::string_view key,
              db::Batch& before) {
  return Loader(session, flags).run_one(what, key, before, nullptr);
}

Tree read_one(db::Session& session, const schema::Flags& flags, const Read& what, std::string_view key,
              db::Batch& before, InHand& in_hand) {
  return Loader(session, flags).run_one(what, key, before, &in_hand);
}

Tree read_sparse(db::Session& session, const schema::Flags& flags, const Read& what, std::string_view key,
                 db::Batch& before) {
  return Loader(session, flags).run_sparse(what, key, before);
}

Tree read_sparse(db::Session& session, const schema::Flags& flags, const Read& what, std::string_view key) {
  db::Batch nothing;
  return read_sparse(session, flags, what, key, nothing);
}

} // namespace query
