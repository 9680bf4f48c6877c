#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/described.hpp"
#include "http/resource_impl.hpp"
#include <deque>
#include <memory>

namespace http {
namespace {

const base::Json& looked_at(QueryUse query, const Context& context) {
  static const base::Json nothing = base::Json::object();
  return query == QueryUse::read ? context.query() : nothing;
}

std::string list_json(const Resource& row, const query::Tree& tree, std::int64_t offset, std::int64_t limit) {
  std::string out;
  base::JsonWriter w(out);
  const auto write_rows = [&] { query::write_rows(w.key(row.many), tree.rows()); };
  w.open_object();
  const bool rows_later = row.paged == Paged::page_first || row.paged == Paged::count_first;
  if (!rows_later) write_rows();
  w.key("count").integer(tree.count);
  if (row.paged == Paged::count_first) write_rows();
  if (row.paged == Paged::count_only) return w.close_object(), out;
  if (row.paged == Paged::limit_first) w.key("limit").integer(limit);
  w.key("offset").integer(offset);
  if (row.paged != Paged::limit_first) w.key("limit").integer(limit);
  if (row.paged == Paged::page_first) write_rows();
  w.close_object();
  return out;
}

void list_rows(const Resource& row, Context& context) {
  const auto& entity = schema::get(row.entity);
  const auto& asked = looked_at(*row.listed, context);
  auto wanted = query::resolve(entity, context.call.flags, row.read, asked, query::Many::yes);
  if (!row.order.empty() && !asked["order"].truthy()) wanted.order = row.order;
  query::Read read{
      .entity = &entity, .selection = wanted.selection, .order = wanted.order, .count = row.paged != Paged::bare};
  add_page(asked, row.limit, read);
  add_conditions(row.filters, asked, read);
  const auto& q = asked["q"];
  if (!row.search.empty() && q.is_string() && !q.as_string().empty())
    query::add_sql(read, row.search, "%" + q.as_string() + "%");
  if (row.prepare) row.prepare(context, wanted, read);
  if (row.keepable) context.response.keepable = row.keepable(context, read);
  auto counts = context.call.counts;
  if (!context.response.keepable || !row.sales_leave_count || !row.sales_leave_count(read)) counts.lists = nullptr;
  const auto tree = query::read(context.call.db(), context.call.flags, read, counts);
  if (row.shown_products) context.response.shown_products = row.shown_products(read, tree);
  if (row.decorate) row.decorate(context, wanted, tree);
  if (row.paged == Paged::bare) return context.json(rows_json(row.many, tree));
  const auto& limit = asked["limit"];
  context.json(list_json(row, tree, read.offset, limit.is_number() ? limit.as_int() : row.limit));
}

void retrieve_row(const Resource& row, Context& context) {
  const auto& entity = schema::get(row.entity);
  const auto wanted =
      query::resolve(entity, context.call.flags, row.read, looked_at(*row.retrieved, context), query::Many::no);
  const std::string& id = context.param(row.id_name);
  query::Read read{.entity = &entity,
                   .selection = wanted.selection,
                   .where = {{std::string(entity.key), query::Operator::equal, {id}}}};
  if (row.prepare_one) row.prepare_one(context, wanted, read);
  if (row.keepable) context.response.keepable = row.keepable(context, read);
  const auto tree = query::read(context.call.db(), context.call.flags, read);
  const auto found = tree.first();
  if (!found) throw missing(row, id);
  if (row.shown_products) context.response.shown_products = row.shown_products(read, tree);
  if (row.decorate) row.decorate(context, wanted, tree);
  context.json(one_json(row.one, *found));
}

} // namespace

const Rules* keep(Rules rules) {
  static std::deque<Rules> kept;
  return &kept.emplace_back(std::move(rules));
}

std::string_view keep(std::string path) {
  static std::deque<std::string> kept;
  return kept.emplace_back(std::move(path));
}

std::string path_of_one(const Resource& row) { return std::string(row.path) + "/:" + std::string(row.id_name); }

base::Error missing(const Resource& row, const std::string& id) { return missing(row.not_found, id); }
base::Error missing(std::string_view not_found, const std::string& id) {
  std::string sentence(not_found);
  if (const auto at = sentence.find("{id}"); at != std::string::npos) sentence.replace(at, 4, id);
  return base::Error::not_found(sentence);
}

Resource& Resource::list(QueryUse query) { return listed = query, *this; }
Resource& Resource::retrieve(QueryUse query) { return retrieved = query, *this; }

Routes Resource::routes() const {
  if (const auto found = faults(*this); !found.empty())
    throw std::logic_error(std::string(path) + ": " + base::join(found, "; "));
  Routes routes;
  const auto row = std::make_shared<const Resource>(*this);
  if (listed) {
    std::vector<Filter> all = filters;
    if (!search.empty()) all.push_back({"q", By::ignored});
    Rules rules = list_rules(all);
    for (const auto name : refused) std::erase_if(rules.rows, [&](const Rule& rule) { return rule.name == name; });
    rules.rows.insert(rules.rows.end(), unfiltered.begin(), unfiltered.end());
    routes.push_back({.path = path,
                      .handler = [row](Context& context) { list_rows(*row, context); },
                      .auth = auth,
                      .query_rules = *listed == QueryUse::read ? keep(std::move(rules)) : nullptr,
                      .flag = flag,
                      .kept = kept,
                      .described = paged == Paged::bare         ? shows_list(many, entity, read)
                                   : paged == Paged::count_only ? shows_counted(many, entity, limit, read)
                                                                : shows_page(many, entity, limit, read)});
  }
  if (retrieved) {
    routes.push_back({.path = keep(path_of_one(*this)),
                      .handler = [row](Context& context) { retrieve_row(*row, context); },
                      .auth = auth,
                      .query_rules = *retrieved == QueryUse::read ? keep(query::one_rules(retrieve_filters)) : nullptr,
                      .flag = flag,
                      .kept = kept,
                      .described = shows_one(one, entity, read)});
  }
  add_write_routes(row, routes);
  return routes;
}

std::string rows_json(std::string_view many, const query::Tree& tree) {
  std::string out;
  base::JsonWriter w(out);
  w.open_object().key(many);
  query::write_rows(w, tree.rows());
  w.close_object();
  return out;
}

std::string one_json(std::string_view one, const query::Row& row) {
  std::string out;
  base::JsonWriter w(out);
  w.open_object().key(one);
  query::write_row(w, row);
  w.close_object();
  return out;
}

} // namespace http
