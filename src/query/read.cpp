#include "query/print.hpp"
#include "query/query.hpp"
#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <unordered_map>

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

// --- loading -------------------------------------------------------------------------------------------------------

// Fills a tree breadth first: all nodes of one depth are asked for in one batch, by the keys of the rows above them.
class Reader {
 public:
  Reader(db::Session& session, const schema::Flags& flags) : session_(session), flags_(flags) {}

  Tree run(const Read& read, db::RowCounts* counts) {
    Tree tree;
    tree.root = std::make_unique<Node>();
    begin(*tree.root, *read.entity, read.selection);
    tree.count = load_root(*tree.root, read, counts && counts_all(read) ? counts->of(read.entity->table) : nullptr);
    std::vector<Pending> depth{{tree.root.get(), &read.selection}};
    while (!depth.empty()) depth = load_children(depth);
    return tree;
  }

  // The same in one batch: every statement finds its parents by itself.
  Tree run_one(Read read, std::string_view key, std::vector<db::Query> queries, std::vector<db::Result>* before) {
    const std::size_t first = queries.size();
    Tree tree;
    tree.root = std::make_unique<Node>();
    begin(*tree.root, *read.entity, read.selection);
    read.where = {{std::string(read.entity->key), Operator::equal, {std::string(key)}}};
    queries.push_back(print_root(read, tree.root->columns_));
    const auto descend = [&](const auto& self, Node& node, const Selection& selection, const Source& source) -> void {
      for (const auto& wanted : selection.children) {
        const Relation& relation = relation_of(*node.entity_, wanted.relation);
        if (!flags_.on(relation.flag)) continue;
        const Node::Child& child = add_child(node, relation, wanted);
        Source made;
        queries.push_back(print_relation_of(source, *node.entity_, relation, child.node->entity(), child.node->columns_,
                                            wanted, key, made));
        Node& below = *child.node;
        self(self, below, wanted.selection, made);
      }
    };
    descend(descend, *tree.root, read.selection, root_source(*read.entity));
    auto results = session_.batch(std::move(queries));
    std::size_t at = first;
    tree.root->result_ = std::move(results[at++]);
    const auto fill = [&](const auto& self, Node& node) -> void {
      for (auto& child : node.children_) {
        child.rows_of.resize(static_cast<std::size_t>(node.size()));
        child.node->result_ = std::move(results[at++]);
        if (node.size()) hand_out(node, child);
        self(self, *child.node);
      }
    };
    fill(fill, *tree.root);
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
    std::vector<db::Query> queries{print_root(read, root.columns_)};
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

  struct Pending {
    Node* node;
    const Selection* selection;
  };
  struct Asked {
    Node* parent;
    std::size_t child;
    const Selection::Child* wanted;
  };

  // Decides which columns a node loads: the wanted ones, its key, and what its own relations lean on.
  void begin(Node& node, const Entity& entity, const Selection& selection) {
    node.entity_ = &entity;
    const auto add = [&](const Column& c, bool shown) {
      for (std::size_t i = 0; i < node.columns_.size(); i++)
        if (node.columns_[i] == &c) {
          if (shown) node.shown_[i] = true;
          return;
        }
      node.columns_.push_back(&c);
      node.shown_.push_back(shown);
    };
    if (selection.fields.empty()) {
      for (const Column& c : entity.columns)
        if (c.shown == schema::Shown::always && flags_.on(c.flag)) add(c, true);
    } else {
      // Shown in the table's order, whatever the order in which they are wanted.
      for (const auto& name : selection.fields)
        if (!entity.column(name)) throw std::logic_error("no column " + std::string(entity.name) + "." + name);
      for (const Column& c : entity.columns)
        if (flags_.on(c.flag) &&
            std::find(selection.fields.begin(), selection.fields.end(), c.name) != selection.fields.end())
          add(c, true);
    }
    add(*entity.column(entity.key), false);
    for (const auto& name : selection.hidden) add(*entity.column(name), false);
    for (const auto& child : selection.children) {
      const Relation& r = relation_of(entity, child.relation);
      if (r.kind == RelationKind::to_one && flags_.on(r.flag)) add(*entity.column(r.column), false);
    }
  }

  static const Relation& relation_of(const Entity& entity, std::string_view name) {
    if (const Relation* r = entity.relation(name)) return *r;
    throw std::logic_error("no relation " + std::string(entity.name) + "." + std::string(name));
  }

  Node::Child& add_child(Node& node, const Relation& relation, const Selection::Child& wanted) {
    auto child = std::make_unique<Node>();
    const Entity& target = schema::get(relation.target);
    begin(*child, target, wanted.selection);
    // The column of the child by which its rows are handed to their parents.
    if (relation.kind == RelationKind::to_many || relation.kind == RelationKind::inverse_one)
      require(*child, *target.column(relation.column));
    if (relation.kind == RelationKind::to_one && !relation.target_column.empty())
      require(*child, *target.column(relation.target_column));
    return node.children_.emplace_back(Node::Child{&relation, std::move(child), {}, wanted.place});
  }

  std::vector<Pending> load_children(const std::vector<Pending>& depth) {
    std::vector<db::Query> queries;
    std::vector<Asked> asked;
    std::vector<Pending> next;
    for (const auto& [node, selection] : depth) {
      for (const auto& wanted : selection->children) {
        const Relation& relation = relation_of(*node->entity_, wanted.relation);
        if (!flags_.on(relation.flag)) continue;
        Node::Child& child = add_child(*node, relation, wanted);
        child.rows_of.resize(static_cast<std::size_t>(node->size()));
        const auto keys = parent_keys(*node, relation);
        if (!keys.empty()) {
          queries.push_back(print_relation(relation, child.node->entity(), child.node->columns_, wanted, keys));
          asked.push_back({node, node->children_.size() - 1, &wanted});
        }
        next.push_back({child.node.get(), &wanted.selection});
      }
    }
    if (queries.empty()) return {};
    auto results = session_.batch(std::move(queries));
    for (std::size_t i = 0; i < asked.size(); i++) {
      Node::Child& child = asked[i].parent->children_[asked[i].child];
      child.node->result_ = std::move(results[i]);
      hand_out(*asked[i].parent, child);
    }
    return next;
  }

  static void require(Node& node, const Column& column) {
    for (const Column* c : node.columns_)
      if (c == &column) return;
    node.columns_.push_back(&column);
    node.shown_.push_back(false);
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
  return Reader(session, flags).run(what, counts);
}

Tree read_one(db::Session& session, const schema::Flags& flags, const Read& what, std::string_view key,
              std::vector<db::Query> before, std::vector<db::Result>* results) {
  return Reader(session, flags).run_one(what, key, std::move(before), results);
}

// --- rows ----------------------------------------------------------------------------------------------------------

int Node::position(std::string_view column) const {
  for (std::size_t i = 0; i < columns_.size(); i++)
    if (columns_[i]->name == column) return static_cast<int>(i);
  throw std::logic_error(std::string(entity_->name) + "." + std::string(column) + " was not loaded");
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

bool Row::has(std::string_view relation) const { return node_->child(relation) != nullptr; }

std::vector<Row> Row::many(std::string_view relation) const {
  for (const auto& child : node_->children_) {
    if (child.relation->name != relation) continue;
    std::vector<Row> rows;
    for (const int row : child.rows_of[static_cast<std::size_t>(index_)]) rows.emplace_back(child.node.get(), row);
    return rows;
  }
  throw std::logic_error(std::string(node_->entity_->name) + "." + std::string(relation) + " was not loaded");
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

// --- JSON ----------------------------------------------------------------------------------------------------------

namespace {

// jsonb prints a blank after each colon and comma; JSON.stringify does not.
void append_compact(std::string& out, std::string_view json) {
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); i++) {
    const char c = json[i];
    if (quoted && c == '\\') {
      out += c;
      if (i + 1 < json.size()) out += json[++i];
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (c != ' ' || quoted) out += c;
  }
}

void write_value(base::JsonWriter& w, const Column& column, std::string_view text) {
  switch (column.type) {
  case schema::Type::text:
  case schema::Type::enumeration: w.string(text); return;
  case schema::Type::integer:
  case schema::Type::number: w.raw(text); return;
  case schema::Type::numeric: {
    double v = 0;
    std::from_chars(text.data(), text.data() + text.size(), v);
    w.number(v);
    return;
  }
  case schema::Type::boolean: w.boolean(text == "t"); return;
  case schema::Type::timestamp:
    w.raw("\"");
    base::append_iso_from_postgres(w.out(), text);
    w.out() += '"';
    return;
  case schema::Type::json:
    w.raw("");
    append_compact(w.out(), text);
    return;
  case schema::Type::text_array: w.raw("[]"); return;
  }
}

} // namespace

// In which order a row's members stand: the columns in the table's order, the relations in the order of their names, also
// those that were computed rather than loaded, then everything else in the order in which it was computed.
void Node::lay_out() const {
  layout_.clear();
  const auto computed_as = [&](std::string_view name) {
    for (std::size_t i = 0; i < computed_.size(); i++)
      if (computed_[i].name == name) return static_cast<int>(i);
    return -1;
  };
  std::vector<bool> placed(computed_.size());
  const auto place = [&](Member member) {
    if (member.computed >= 0) placed[static_cast<std::size_t>(member.computed)] = true;
    layout_.push_back(member);
  };
  for (std::size_t i = 0; i < columns_.size(); i++)
    if (shown_[i])
      place({.name = columns_[i]->name, .column = static_cast<int>(i), .computed = computed_as(columns_[i]->name)});
  std::vector<Member> relations, last;
  for (std::size_t i = 0; i < children_.size(); i++) {
    const auto name = children_[i].relation->name;
    (children_[i].place == Place::last ? last : relations)
        .push_back({.name = name, .child = static_cast<int>(i), .computed = computed_as(name)});
  }
  for (std::size_t i = 0; i < computed_.size(); i++)
    if (const std::string_view name = computed_[i].name;
        entity_->relation(name) && !child(name) && computed_[i].behind.empty())
      relations.push_back({.name = name, .computed = static_cast<int>(i)});
  std::stable_sort(relations.begin(), relations.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  relations.insert(relations.end(), last.begin(), last.end());
  for (const auto& relation : relations) {
    place(relation);
    for (std::size_t i = 0; i < computed_.size(); i++)
      if (!placed[i] && computed_[i].behind == relation.name)
        place({.name = computed_[i].name, .computed = static_cast<int>(i)});
  }
  for (std::size_t i = 0; i < computed_.size(); i++)
    if (!placed[i]) place({.name = computed_[i].name, .computed = static_cast<int>(i)});
}

namespace {

// A row within another one.
void write_inner_row(base::JsonWriter& w, const Row& row) {
  const std::string_view object = row.node().entity().object;
  if (object.empty()) return write_row(w, row);
  std::string json = row_json(row);
  json.insert(1, "\"object\":\"" + std::string(object) + "\",");
  w.raw(json);
}

} // namespace

void write_row(base::JsonWriter& w, const Row& row) {
  const Node& node = row.node();
  if (node.layout_.empty()) node.lay_out();
  w.open_object();
  for (const auto& member : node.layout_) {
    if (member.computed >= 0) {
      const auto& json =
          node.computed_[static_cast<std::size_t>(member.computed)].json[static_cast<std::size_t>(row.index())];
      if (json) {
        if (!json->empty()) w.key(member.name).raw(*json);
        continue;
      }
    }
    if (member.column >= 0) {
      w.key(member.name);
      if (node.result_.is_null(row.index(), member.column))
        w.null();
      else
        write_value(w, *node.columns_[static_cast<std::size_t>(member.column)],
                    node.result_.text(row.index(), member.column));
    } else if (member.child >= 0) {
      const auto& child = node.children_[static_cast<std::size_t>(member.child)];
      const auto& rows = child.rows_of[static_cast<std::size_t>(row.index())];
      w.key(member.name);
      if (child.relation->kind != RelationKind::to_one && child.relation->kind != RelationKind::inverse_one) {
        w.open_array();
        for (const int r : rows) write_inner_row(w, child.node->row(r));
        w.close_array();
      } else if (rows.empty()) {
        w.null();
      } else {
        write_inner_row(w, child.node->row(rows.front()));
      }
    }
  }
  w.close_object();
}

base::Json row_value(const Row& row) {
  const Node& node = row.node();
  base::JsonObject members;
  for (std::size_t i = 0; i < node.columns_.size(); i++) {
    if (!node.shown_[i]) continue;
    const Column& column = *node.columns_[i];
    const int at = static_cast<int>(i);
    base::Json value(nullptr);
    if (!node.result_.is_null(row.index(), at)) {
      std::string text;
      base::JsonWriter writer(text);
      switch (column.type) {
      case schema::Type::integer: value = node.result_.integer(row.index(), at); break;
      case schema::Type::boolean: value = node.result_.boolean(row.index(), at); break;
      case schema::Type::number:
      case schema::Type::numeric: value = node.result_.number(row.index(), at); break;
      case schema::Type::text:
      case schema::Type::enumeration: value = node.result_.text(row.index(), at); break;
      default: write_value(writer, column, node.result_.text(row.index(), at)); value = base::parse_json(text);
      }
    }
    members.push_back({std::string(column.name), std::move(value)});
  }
  return members;
}

void write_rows(base::JsonWriter& w, const std::vector<Row>& rows) {
  w.open_array();
  for (const Row& row : rows) write_row(w, row);
  w.close_array();
}

std::string row_json(const Row& row) {
  std::string out;
  base::JsonWriter w(out);
  write_row(w, row);
  return out;
}

} // namespace query
