#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/described.hpp"
#include "http/resource_impl.hpp"
#include <charconv>
#include <cmath>
#include <deque>
#include <memory>
#include <tuple>

namespace http {
namespace {

const Rules kDateRules{{{"lt", Is::date, Presence::optional},
                        {"gt", Is::date, Presence::optional},
                        {"gte", Is::date, Presence::optional},
                        {"lte", Is::date, Presence::optional}}};

const Rules kTextRules{{{"lt", Is::string, Presence::optional},
                        {"gt", Is::string, Presence::optional},
                        {"gte", Is::string, Presence::optional},
                        {"lte", Is::string, Presence::optional},
                        {"contains", Is::string, Presence::optional},
                        {"starts_with", Is::string, Presence::optional},
                        {"ends_with", Is::string, Presence::optional}}};

Rule rule_of(const Filter& filter) {
  switch (filter.by) {
  case By::text:
  case By::ignored: return {filter.name, Is::string, Presence::optional};
  case By::text_or_list: return {filter.name, Is::text_or_list, Presence::optional};
  case By::list: return {filter.name, Is::array, Presence::optional};
  case By::boolean: return {filter.name, Is::boolean_text, Presence::optional};
  case By::number: return {filter.name, Is::any, Presence::optional};
  case By::date: return {filter.name, Is::nested, Presence::optional, &kDateRules};
  case By::comparison: return {filter.name, Is::nested, Presence::optional, &kTextRules};
  case By::enumeration: return {filter.name, Is::each_enumeration, Presence::optional, nullptr, filter.values};
  case By::text_list_or_comparison:
    return {.name = filter.name,
            .is = Is::text_list_or_nested,
            .presence = Presence::optional,
            .nested = &kTextRules,
            .message = "StringComparisonOperator"};
  case By::typed_date:
    return {.name = filter.name,
            .is = Is::nested_type,
            .presence = Presence::optional,
            .nested = &kDateRules,
            .message = "DateComparisonOperator"};
  }
  return {};
}

std::string text_of(const base::Json& value) { return value.is_string() ? value.as_string() : value.dump(); }

std::vector<std::string> texts_of(const Filter& filter, const base::Json& value) {
  if (!value.is_array() && !value.is_string())
    throw base::Error::invalid_data(std::string(filter.name) + " must be one of: String,String");
  std::vector<std::string> texts;
  if (value.is_string()) texts.push_back(value.as_string());
  if (value.is_array())
    for (const auto& element : value.as_array()) texts.push_back(text_of(element));
  return texts;
}

std::string number_of(const Filter& filter, const base::Json& value) {
  const std::string text = text_of(value);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    throw base::Error::invalid_data(std::string(filter.name) + " must be one of: Number,NumericalComparisonOperator");
  return base::number_text(number);
}

void add_sql(query::Read& read, std::string_view sql, const std::string& value) {
  std::size_t marks = 0;
  for (auto at = sql.find("$?"); at != std::string_view::npos; at = sql.find("$?", at + 2)) marks++;
  read.where.push_back({std::string(sql), query::Operator::sql, std::vector<std::string>(marks, value)});
}

// lt, gt, lte and gte of dates, numbers and texts.
void add_bounds(query::Read& read, const Filter& filter, const base::Json& value) {
  using query::Operator;
  static constexpr std::pair<std::string_view, Operator> operators[] = {{"lt", Operator::less},
                                                                        {"gt", Operator::greater},
                                                                        {"lte", Operator::less_equal},
                                                                        {"gte", Operator::greater_equal}};
  for (const auto& [name, op] : operators)
    if (!value[name].is_nullish()) read.where.push_back({std::string(filter.name), op, {text_of(value[name])}});
}

const base::Json& looked_at(Query query, const Context& context) {
  static const base::Json nothing = base::Json::object();
  return query == Query::read ? context.query() : nothing;
}

// Medusa 1.20: buildQuery's contains, starts_with and ends_with. Quirk: % and _ are wildcards.
void add_parts(query::Read& read, const Filter& filter, const base::Json& value) {
  static constexpr std::tuple<std::string_view, std::string_view, std::string_view> parts[] = {
      {"contains", "%", "%"}, {"starts_with", "", "%"}, {"ends_with", "%", ""}};
  for (const auto& [name, before, after] : parts)
    if (!value[name].is_nullish())
      read.where.push_back({std::string(filter.name),
                            query::Operator::like_ignoring_case,
                            {std::string(before) + value[name].as_string() + std::string(after)}});
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
    add_sql(read, row.search, "%" + q.as_string() + "%");
  if (row.prepare) row.prepare(context, wanted, read);
  if (row.keepable) context.response.keepable = row.keepable(context, read);
  const auto tree = query::read(context.call.db(), context.call.flags, read, context.call.row_counts);
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

Rules one_rules(const std::vector<Filter>& filters) {
  Rules rules;
  for (const auto& filter : filters) rules.rows.push_back(rule_of(filter));
  for (const std::string_view name : {"fields", "expand"}) rules.rows.push_back({name, Is::string, Presence::optional});
  return rules;
}

base::Error missing(const Resource& row, const std::string& id) { return missing(row.not_found, id); }
base::Error missing(std::string_view not_found, const std::string& id) {
  std::string sentence(not_found);
  if (const auto at = sentence.find("{id}"); at != std::string::npos) sentence.replace(at, 4, id);
  return base::Error::not_found(sentence);
}

Resource& Resource::list(Query query) { return listed = query, *this; }
Resource& Resource::retrieve(Query query) { return retrieved = query, *this; }

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
                      .query_rules = *listed == Query::read ? keep(std::move(rules)) : nullptr,
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
                      .query_rules = *retrieved == Query::read ? keep(one_rules(retrieve_filters)) : nullptr,
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

Rules list_rules(const std::vector<Filter>& filters) {
  Rules rules;
  for (const auto& filter : filters) rules.rows.push_back(rule_of(filter));
  for (const std::string_view name : {"offset", "limit"})
    rules.rows.push_back({name, Is::number_text, Presence::optional});
  for (const std::string_view name : {"fields", "expand", "order"})
    rules.rows.push_back({name, Is::string, Presence::optional});
  return rules;
}

void add_conditions(const std::vector<Filter>& filters, const base::Json& query, query::Read& read) {
  for (const auto& filter : filters) {
    const auto& value = query[filter.name];
    if (value.is_nullish()) continue;
    const std::string column(filter.name);
    // Medusa 1.20: buildQuery. Who asks when rows were deleted means the deleted ones too.
    if (filter.name == "deleted_at") read.deleted = query::Deleted::included;
    switch (filter.by) {
    case By::ignored: break;
    case By::text:
      if (filter.sql.empty())
        read.where.push_back({column, query::Operator::equal, {text_of(value)}});
      else
        add_sql(read, filter.sql, text_of(value));
      break;
    case By::text_list_or_comparison:
      if (value.is_object()) {
        add_bounds(read, filter, value);
        add_parts(read, filter, value);
        break;
      }
      [[fallthrough]];
    case By::text_or_list:
    case By::enumeration:
    case By::list: {
      const auto texts = texts_of(filter, value);
      if (filter.sql.empty())
        read.where.push_back({column, query::Operator::in, texts});
      else
        add_sql(read, filter.sql, db::array_literal(texts));
      break;
    }
    case By::boolean:
      // Quirk: a text that is neither true nor false filters nothing.
      if (value.is_bool()) read.where.push_back({column, query::Operator::equal, {value.as_bool() ? "t" : "f"}});
      break;
    case By::number:
      if (!value.is_object()) {
        read.where.push_back({column, query::Operator::equal, {number_of(filter, value)}});
        break;
      }
      for (const auto& bound : value.as_object()) number_of(filter, bound.value);
      [[fallthrough]];
    case By::date:
    case By::typed_date: add_bounds(read, filter, value); break;
    case By::comparison:
      add_bounds(read, filter, value);
      add_parts(read, filter, value);
      break;
    }
  }
}

void add_page(const base::Json& query, std::int64_t default_limit, query::Read& read) {
  const auto number = [&](std::string_view name, std::int64_t otherwise) {
    const auto& value = query[name];
    if (value.is_number() && std::abs(value.as_number()) > 9e15) throw base::Error::malformed(name);
    const std::int64_t n = value.is_number() ? value.as_int() : otherwise;
    if (n < 0) throw base::Error::invalid_data(std::string(name) + " must not be less than 0");
    return n;
  };
  read.offset = number("offset", 0);
  const auto limit = number("limit", default_limit);
  read.limit = limit == 0 ? -1 : limit; // Quirk: a limit of 0 is no limit.
}

} // namespace http
