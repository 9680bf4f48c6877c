#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/metadata.hpp"
#include "http/described.hpp"
#include "http/resource_impl.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace http {
namespace {

const schema::Entity& entity_of(const Resource& row) { return schema::get(row.entity); }

// A change of the row that the path names, locked until the commit; `before` is empty where there is none.
struct Locked {
  query::Tree tree;
  Change change;
};
Locked lock(const Resource& row, Context& context) {
  const auto& entity = entity_of(row);
  const auto& id = context.param(row.id_name);
  Locked locked{
      query::read(
          context.call.db(), context.call.flags,
          {.entity = &entity, .where = {{std::string(entity.key), query::Operator::equal, {id}}}, .for_update = true}),
      {context, context.call, entity, id}};
  locked.change.before = locked.tree.first();
  return locked;
}

// The body's members that the rules name and that are columns; the others are the hook's business.
void take_columns(Change& change, const Rules& rules) {
  for (const auto& rule : rules.rows)
    if (const auto& value = change.body()[rule.name]; !value.is_undefined() && change.entity.column(rule.name))
      change.values.set(rule.name, value);
}

void merge_metadata(Change& change, Metadata how) {
  if (how == Metadata::replaced || !change.values.has("metadata")) return;
  const base::Json existing = change.before ? change.before->json("metadata") : base::Json(nullptr);
  if (change.values["metadata"].truthy())
    change.values.set("metadata", base::merge_metadata(existing, change.values["metadata"]));
  else
    change.values.erase("metadata"); // Quirk: null changes nothing.
}

// What is as it was is not written, and a row of which nothing changes keeps its updated_at.
void drop_unchanged(Change& change) {
  const auto before = query::row_value(*change.before);
  for (const auto& [name, value] : base::JsonObject(change.values.as_object()))
    if (base::same_value(value, before[name])) change.values.erase(name);
}

const query::Grammar& shown_by(const Resource& row, const std::optional<query::Grammar>& shows) {
  return shows ? *shows : row.read;
}

// What the answer shows. To be asked before the row is looked for: a query that can't be is refused whatever the id.
query::Wanted wanted(const Resource& row, const Context& context, const query::Grammar& shows, QueryUse query) {
  static const base::Json nothing = base::Json::object();
  return query::resolve(entity_of(row), context.call.flags, shows, query == QueryUse::read ? context.query() : nothing,
                        query::Many::no);
}
query::Wanted wanted(const Resource& row, const Context& context, const Write& what) {
  if (what.answer == Answer::saved) return wanted(row, context, query::Grammar{}, QueryUse::ignored);
  return wanted(row, context, shown_by(row, what.shows), what.query);
}

// Sends the writes and reads the row back, in one round trip.
struct Written {
  query::Wanted wanted;
  query::Tree tree;
  query::Row row() const { return *tree.first(); }
};
Written write(const Resource& row, Change& change, std::optional<db::Command> own, query::Wanted wanted) {
  std::vector<db::Command> queries = std::move(change.ahead);
  if (own) queries.push_back(std::move(*own));
  for (auto& more : change.behind) queries.push_back(std::move(more));
  Written written{.wanted = std::move(wanted), .tree = {}};
  written.tree =
      query::read_one(change.call.db(), change.call.flags,
                      {.entity = &change.entity, .selection = written.wanted.selection}, change.id, std::move(queries));
  if (!written.tree.first()) throw missing(row, change.id);
  return written;
}

void tell_and_answer(const Resource& row, const Write& what, Change& change, const Written& written) {
  if (!what.event.empty()) change.call.emit(std::string(what.event), base::JsonObject{{"id", change.id}});
  if (what.after) what.after(change, written.row());
  if (what.answer == Answer::saved)
    return change.context.json(
        base::JsonObject{{std::string(row.one),
                          change.before ? query::row_value(written.row()) : as_saved(written.row(), change.values)}},
        what.status);
  if (row.decorate) row.decorate(change.context, written.wanted, written.tree);
  change.context.json(one_json(row.one, written.row()), what.status);
}

void create_row(const Resource& row, Context& context) {
  const Write& what = *row.created;
  auto shown = wanted(row, context, what);
  context.call.atomic([&] {
    Change change{context, context.call, entity_of(row), {}};
    if (!change.entity.prefix.empty()) change.values.set(change.entity.key, base::make_id(change.entity.prefix));
    take_columns(change, what.body);
    merge_metadata(change, what.metadata);
    const auto key = [&] { return change.values[change.entity.key].as_string(); };
    change.id = key();
    if (what.hook) what.hook(change);
    change.id = key();
    auto insert = query::insert(change.entity, change.values);
    tell_and_answer(row, what, change, write(row, change, std::move(insert), std::move(shown)));
  });
}

void update_row(const Resource& row, const Write& what, Context& context) {
  auto shown = wanted(row, context, what);
  context.call.atomic([&] {
    Locked locked = lock(row, context);
    Change& change = locked.change;
    if (!change.before) throw missing(row, change.id);
    take_columns(change, what.body);
    merge_metadata(change, what.metadata);
    if (what.hook) what.hook(change);
    drop_unchanged(change);
    std::optional<db::Command> update;
    if (change.values.size()) update = query::update(change.entity, change.id, change.values);
    tell_and_answer(row, what, change, write(row, change, std::move(update), std::move(shown)));
  });
}

void remove_row(const Resource& row, Context& context) {
  const Remove& what = *row.removed;
  context.call.atomic([&] {
    Locked locked = lock(row, context);
    Change& change = locked.change;
    if (!change.before && what.missing == Missing::refused) throw missing(row, change.id);
    if (change.before) {
      if (what.hook) what.hook(change);
      for (auto& query : change.ahead) context.call.write_last(std::move(query));
      context.call.write_last(what.erased == Remove::Erased::yes
                                  ? query::erase_where(change.entity, change.entity.key, {change.id})
                                  : query::remove(change.entity, {change.id}));
      for (auto& query : change.behind) context.call.write_last(std::move(query));
      if (!what.event.empty()) context.call.emit(std::string(what.event), base::JsonObject{{"id", change.id}});
    }
  });
  context.json(base::JsonObject{{"id", context.param(row.id_name)}, {"object", what.object}, {"deleted", true}});
}

// --- links ---------------------------------------------------------------------------------------------------------

// The path's name of the link, where it has one: "country_code" of "/countries/:country_code".
bool ids_in_path(const Link& link) { return link.path.find("/:" + std::string(link.ids)) != std::string_view::npos; }

std::vector<std::string> ids_of(const Link& link, const Context& context) {
  if (ids_in_path(link)) return {context.param(link.ids)};
  const auto& value = context.body()[link.ids];
  std::vector<std::string> ids;
  if (value.is_string()) ids.push_back(value.as_string());
  if (value.is_array())
    for (const auto& element : value.as_array()) {
      const auto& id = element.is_object() ? element["id"] : element;
      if (!id.is_string())
        throw base::Error::invalid_data("each value in " + std::string(link.ids) + " must be a string");
      ids.push_back(id.as_string());
    }
  return ids;
}

enum class Linking { add, remove };

void link_rows(const Resource& row, const Link& what, Linking how, Context& context) {
  auto shown = wanted(row, context, shown_by(row, what.shows), what.query);
  context.call.atomic([&] {
    Locked locked = lock(row, context);
    Change& change = locked.change;
    if (!change.before) throw what.not_found.empty() ? missing(row, change.id) : missing(what.not_found, change.id);
    const auto ids = ids_of(what, context);
    if (what.hook) what.hook(change, ids);
    std::optional<db::Command> own;
    if (!what.table.empty() && !ids.empty()) {
      std::vector<std::pair<std::string, std::string>> pairs;
      for (const auto& id : ids) pairs.emplace_back(change.id, id);
      own = how == Linking::add ? query::link(what.table, what.own_column, what.other_column, pairs)
                                : query::unlink(what.table, what.own_column, change.id, what.other_column, ids);
    }
    const Written written = write(row, change, std::move(own), std::move(shown));
    if (what.after) what.after(change, written.row(), ids);
    if (what.answer) return what.answer(change, ids);
    if (row.decorate) row.decorate(context, written.wanted, written.tree);
    context.json(one_json(row.one, written.row()));
  });
}

const Rules* body_rules(const Rules& body, Method method) {
  // A DELETE that names its rows in the path has no body to look at.
  return method == Method::del && body.rows.empty() ? nullptr : keep(body);
}
// A body that becomes the row itself.
const Rules* body_rules(Rules body, std::string_view entity) {
  if (body.of.empty()) body.of = entity;
  return keep(std::move(body));
}

} // namespace

const Rules kWithId{{{"id", Is::string}}};

base::Json as_saved(const query::Row& row, const base::Json& given) {
  const auto& entity = row.node().entity();
  const auto columns = query::row_value(row);
  base::Json out = base::Json::object();
  const auto add = [&](auto&& which) {
    for (const auto& [name, value] : columns.as_object())
      if (!out.has(name) && which(name)) out.set(name, value);
  };
  add([&](const auto& name) { return name != entity.key && given.has(name); });
  add([&](const auto& name) { return name == entity.key; });
  add([&](const auto& name) { return entity.column(name)->nullable; });
  add([](const auto&) { return true; });
  return out;
}

Resource& Resource::create(Write write) { return created = std::move(write), *this; }
Resource& Resource::update(Write write) { return updated = std::move(write), *this; }
Resource& Resource::remove(Remove remove) { return removed = remove, *this; }
Resource& Resource::act(std::string_view behind, Write write) {
  return acts.emplace_back(behind, std::move(write)), *this;
}
Resource& Resource::link(Link link) { return linked.push_back(std::move(link)), *this; }
Resource& Resource::unlink(Link link) { return unlinked.push_back(std::move(link)), *this; }

void add_write_routes(const std::shared_ptr<const Resource>& row, Routes& routes) {
  const auto add = [&](Method method, std::string_view path, Handler handler, const Rules* body, QueryUse query,
                       Described shown) {
    routes.push_back({.method = method,
                      .path = path,
                      .handler = std::move(handler),
                      .auth = row->auth,
                      .query_rules = query == QueryUse::read ? keep(query::one_rules({})) : nullptr,
                      .body_rules = body,
                      .flag = row->flag,
                      .described = std::make_shared<const Described>(std::move(shown))});
  };
  const auto shown = [&](const std::optional<query::Grammar>& shows, int status = 200) {
    return Described{.member = row->one, .entity = row->entity, .read = shown_by(*row, shows), .status = status};
  };
  const auto of_write = [&](const Write& write) {
    return shown(write.answer == Answer::saved ? query::Grammar{} : write.shows, write.status);
  };
  const auto one = keep(path_of_one(*row));
  if (row->created)
    add(
        Method::post, row->path, [row](Context& context) { create_row(*row, context); },
        body_rules(row->created->body, row->entity), row->created->query, of_write(*row->created));
  if (row->updated)
    add(
        Method::post, one, [row](Context& context) { update_row(*row, *row->updated, context); },
        body_rules(row->updated->body, row->entity), row->updated->query, of_write(*row->updated));
  for (const auto& [behind, act] : row->acts)
    add(
        Method::post, keep(path_of_one(*row) + std::string(behind)),
        [row, &act = act](Context& context) { update_row(*row, act, context); },
        act.body.rows.empty() ? nullptr : body_rules(act.body, row->entity), act.query, of_write(act));
  if (row->removed)
    add(Method::del, one, [row](Context& context) { remove_row(*row, context); }, nullptr, QueryUse::ignored,
        {.rows = Described::Rows::removed, .member = row->removed->object, .entity = row->entity});
  for (const auto& link : row->linked)
    add(
        Method::post, keep(path_of_one(*row) + std::string(link.path)),
        [row, &link](Context& context) { link_rows(*row, link, Linking::add, context); },
        body_rules(link.body, Method::post), link.query, shown(link.shows));
  for (const auto& link : row->unlinked)
    add(
        Method::del, keep(path_of_one(*row) + std::string(link.path)),
        [row, &link](Context& context) { link_rows(*row, link, Linking::remove, context); },
        body_rules(link.body, Method::del), link.query, shown(link.shows));
}

} // namespace http
