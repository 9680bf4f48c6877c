#include "query/grammar.hpp"
#include "base/error.hpp"
#include "base/name_index.hpp"
#include "base/strings.hpp"
#include <algorithm>

namespace query {
namespace {

using Names = std::vector<std::string>;

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Names each once, in the order in which they first came; as many as a client likes to send.
class Unique {
 public:
  explicit Unique(const Names& names = {}) {
    for (const auto& name : names) add(name);
  }
  void add(const std::string& name) {
    if (Entry* known = find(name)) {
      known->wanted = true;
      return;
    }
    entries_.push_back({name});
    index_.appended(entries_);
  }
  void erase(const std::string& name) {
    if (Entry* known = find(name)) known->wanted = false;
  }
  Names names() const {
    Names all;
    for (const auto& entry : entries_)
      if (entry.wanted) all.push_back(entry.name);
    return all;
  }

 private:
  struct Entry {
    std::string name;
    bool wanted = true;
  };
  Entry* find(const std::string& name) {
    const std::size_t at = index_.find(entries_, name);
    return at < entries_.size() ? &entries_[at] : nullptr;
  }
  std::vector<Entry> entries_;
  base::NameIndex index_;
};

// Quirk: a few of 1.20's routes take a list instead of a text.
Names comma_list(const base::Json& value) {
  if (value.is_array()) {
    Names names;
    for (const auto& name : value.as_array())
      if (name.is_string() && !name.as_string().empty()) names.push_back(name.as_string());
    return names;
  }
  if (!value.is_string()) return {};
  Names names = base::split(value.as_string(), ',');
  std::erase(names, "");
  return names;
}

[[noreturn]] void refuse(const Names& names) {
  throw base::Error::invalid_data("Requested fields [" + base::join(names, ", ") + "] are not valid");
}

// Medusa 1.20: +field adds to the defaults, -field removes from them, *relation selects a relation whole; a plain name
// replaces the defaults.
Names wanted_fields(const Grammar& grammar, const base::Json& query, Many many, Names& whole) {
  if (query["fields"].is_undefined()) return grammar.fields;
  const Names custom = comma_list(query["fields"]);
  const bool replace = custom.empty() || std::any_of(custom.begin(), custom.end(), [](const std::string& f) {
                         return f[0] != '-' && f[0] != '+' && f[0] != '*';
                       });
  Unique wanted(replace ? Names{} : grammar.fields), whole_relations;
  for (const auto& field : custom) {
    const std::string name = field[0] == '+' || field[0] == '-' || field[0] == '*' ? field.substr(1) : field;
    if (field[0] == '*')
      whole_relations.add(name);
    else if (field[0] == '-' && !replace)
      wanted.erase(name);
    else
      wanted.add(name);
  }
  if (many == Many::yes) wanted.add("created_at");
  wanted.add("id");
  Names fields = wanted.names(), refused;
  whole = whole_relations.names();
  const auto allowed = [&](const std::string& name) {
    return std::any_of(grammar.allowed_fields.begin(), grammar.allowed_fields.end(),
                       [&](const std::string& a) { return name.starts_with(a); });
  };
  if (!grammar.allowed_fields.empty()) {
    for (const auto& name : fields)
      if (!allowed(name)) refused.push_back(name);
    for (const auto& name : whole)
      if (!contains(grammar.allowed_fields, name)) refused.push_back(name);
  }
  if (!refused.empty()) refuse(refused);
  return fields;
}

// The entity at the end of a dotted relation path; null where there is none.
const schema::Entity* follow(const schema::Entity& entity, const schema::Flags& flags, std::string_view path) {
  const schema::Entity* at = &entity;
  for (const auto& step : base::split(path, '.')) {
    const auto* relation = at->relation(step);
    if (!relation || !flags.on(relation->flag)) return nullptr;
    at = &schema::get(relation->target);
  }
  return at;
}

// Whether a list may be put in order by this name: a column that is shown, of the entity or of a relation that the route
// allows. Order tells of a column that nobody is shown, so such a column is none here.
bool may_order(const schema::Entity& entity, const schema::Flags& flags, const Grammar& grammar,
               const std::string& name) {
  constexpr auto kMostRelations = 8;
  if (!grammar.allowed_fields.empty() && !contains(grammar.allowed_fields, name)) return false;
  const auto dot = name.rfind('.');
  const schema::Entity* target = &entity;
  if (dot != std::string::npos) {
    const std::string path = name.substr(0, dot);
    if (std::count(name.begin(), name.end(), '.') > kMostRelations) return false;
    if (grammar.allowed_fields.empty() && !grammar.allowed_relations.empty() &&
        !contains(grammar.allowed_relations, path))
      return false;
    target = follow(entity, flags, path);
  }
  const auto* column = target ? target->column(dot == std::string::npos ? name : name.substr(dot + 1)) : nullptr;
  return column && column->shown == schema::Shown::always && flags.on(column->flag);
}

} // namespace

bool Wanted::has_relation(std::string_view dotted) const { return contains(relations, dotted); }

Wanted resolve(const schema::Entity& entity, const schema::Flags& flags, const Grammar& grammar,
               const base::Json& query, Many many) {
  Wanted wanted;
  Names whole;
  const Names fields = wanted_fields(grammar, query, many, whole);
  Unique paths; // of relations
  Names nested; // fields of relations
  for (const auto& field : fields) {
    const auto dot = field.rfind('.');
    if (dot != std::string::npos) {
      paths.add(field.substr(0, dot));
      nested.push_back(field);
    } else if (!entity.column(field)) {
      // Quirk: a computed member such as profile_id may be asked for; it is no column and comes of its own.
      if (entity.relation(field))
        paths.add(field);
      else if (!contains(grammar.allowed_fields, field))
        refuse({field});
    } else {
      wanted.selection.fields.push_back(field);
    }
  }
  Names relations;
  if (query["expand"].is_undefined()) {
    for (const auto& relation : grammar.relations) paths.add(relation);
    for (const auto& relation : whole) paths.add(relation);
    relations = paths.names();
  } else {
    relations = comma_list(query["expand"]);
    Names refused;
    if (!grammar.allowed_relations.empty())
      for (const auto& relation : relations)
        if (!contains(grammar.allowed_relations, relation)) refused.push_back(relation);
    if (!refused.empty()) refuse(refused);
  }
  Names unknown;
  for (const auto& path : relations) {
    if (path.empty() || follow(entity, flags, path)) continue;
    // A default relation behind a flag that is off is left out; one that was asked for is refused.
    if (!query["expand"].is_undefined() || !contains(grammar.relations, path)) unknown.push_back(path);
  }
  if (!unknown.empty()) refuse(unknown);
  std::erase_if(relations, [&](const std::string& path) { return !follow(entity, flags, path); });

  Selection& selection = wanted.selection;
  const auto at = [&](std::string_view path) -> Selection& {
    Selection* s = &selection;
    for (const auto& step : base::split(path, '.')) s = &s->with(step);
    return *s;
  };
  for (const auto& path : relations) at(path);
  for (const auto& field : nested) {
    const auto dot = field.rfind('.');
    const std::string path = field.substr(0, dot), column = field.substr(dot + 1);
    const auto* target = follow(entity, flags, path);
    if (!target || !target->column(column)) refuse({field});
    if (contains(relations, path)) at(path).fields.push_back(column);
  }
  wanted.relations = std::move(relations);

  if (many == Many::yes) {
    if (query["order"].is_string() && !query["order"].as_string().empty()) {
      const std::string& order = query["order"].as_string();
      const bool descending = order[0] == '-';
      const std::string column = descending ? order.substr(1) : order;
      if (!may_order(entity, flags, grammar, column))
        throw base::Error::invalid_data("Order field " + column + " is not valid");
      wanted.order.push_back({column, descending});
    } else if (entity.column("created_at")) {
      wanted.order.push_back({"created_at", true});
    }
  }
  return wanted;
}

} // namespace query
