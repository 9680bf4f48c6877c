// Rows as JSON.
#include "query/query.hpp"
#include <algorithm>
#include <charconv>

namespace query {

using schema::Column;
using schema::RelationKind;

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
