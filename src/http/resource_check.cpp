#include "base/strings.hpp"
#include "http/resource_impl.hpp"

namespace http {
namespace {

// The entity at the end of a dotted path of relations; null where a step is none.
const schema::Entity* follow(const schema::Entity& entity, std::string_view path) {
  const schema::Entity* at = &entity;
  for (const auto& step : base::split(path, '.')) {
    const auto* relation = at->relation(step);
    if (!relation) return nullptr;
    at = schema::find(relation->target);
    if (!at) return nullptr;
  }
  return at;
}

class Check {
 public:
  explicit Check(const schema::Entity& entity) : entity_(entity) {}

  void column(std::string_view name) {
    if (!entity_.column(name)) say(name, "no column");
  }
  void relation(std::string_view path) {
    if (!follow(entity_, path)) say(path, "no relation");
  }
  // A column, or one of a relation.
  void field(std::string_view path) {
    const auto dot = path.rfind('.');
    if (dot == std::string_view::npos) {
      if (!entity_.column(path) && !entity_.relation(path)) say(path, "no column");
      return;
    }
    const auto* target = follow(entity_, path.substr(0, dot));
    if (!target || !target->column(path.substr(dot + 1))) say(path, "no column");
  }
  void grammar(const query::Grammar& grammar) {
    for (const auto& name : grammar.fields) field(name);
    for (const auto& name : grammar.relations) relation(name);
    for (const auto& name : grammar.allowed_relations) relation(name);
  }
  // Of a body, what is no column is for the hook.
  void write(const Write& write) {
    if (!write.hook)
      for (const auto& rule : write.body.rows) column(rule.name);
    if (write.shows) grammar(*write.shows);
    event(write.event);
  }
  void event(std::string_view name) {
    if (!name.empty() && !events::known(name)) say(name, "no event");
  }
  void link(const Link& link) {
    if (link.table.empty() && !link.hook) say(link.path, "neither a table nor a hook");
    if (link.shows) grammar(*link.shows);
  }
  std::vector<std::string> found;

 private:
  void say(std::string_view name, std::string_view what) {
    found.push_back(std::string(entity_.name) + ": " + std::string(what) + ": " + std::string(name));
  }
  const schema::Entity& entity_;
};

} // namespace

std::vector<std::string> faults(const Resource& row) {
  const auto* entity = schema::find(row.entity);
  if (!entity) return {"no entity " + std::string(row.entity)};
  Check check(*entity);
  check.grammar(row.read);
  for (const auto& filter : row.filters)
    if (filter.sql.empty() && filter.by != By::ignored) check.column(filter.name);
  for (const auto& order : row.order) check.column(order.column);
  if (row.created) check.write(*row.created);
  if (row.updated) check.write(*row.updated);
  for (const auto& [path, act] : row.acts) check.write(act);
  if (row.removed) check.event(row.removed->event);
  for (const auto& link : row.linked) check.link(link);
  for (const auto& link : row.unlinked) check.link(link);
  return check.found;
}

} // namespace http
