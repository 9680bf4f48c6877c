#include "query/filters.hpp"
#include "base/error.hpp"
#include "base/json_text.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>

namespace query {

using rules::Is;
using rules::Presence;
using rules::Rule;
using rules::Rules;

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

std::vector<std::string> texts_of(const Filter& filter, const base::Json& value) {
  if (!value.is_array() && !value.is_string())
    throw base::Error::invalid_data(std::string(filter.name) + " must be one of: String,String");
  std::vector<std::string> texts;
  if (value.is_string()) texts.push_back(value.as_string());
  if (value.is_array())
    for (const auto& element : value.as_array()) texts.push_back(base::spelled(element));
  if (filter.by == By::list && !filter.values.empty())
    std::erase_if(texts,
                  [&](const auto& text) { return std::ranges::find(filter.values, text) == filter.values.end(); });
  return texts;
}

std::string number_of(const Filter& filter, const base::Json& value) {
  const std::string text = base::spelled(value);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    throw base::Error::invalid_data(std::string(filter.name) + " must be one of: Number,NumericalComparisonOperator");
  return base::number_text(number);
}

// lt, gt, lte and gte of dates, numbers and texts.
void add_bounds(Read& read, const Filter& filter, const base::Json& value) {
  static constexpr std::pair<std::string_view, Operator> operators[] = {{"lt", Operator::less},
                                                                        {"gt", Operator::greater},
                                                                        {"lte", Operator::less_equal},
                                                                        {"gte", Operator::greater_equal}};
  for (const auto& [name, op] : operators)
    if (!value[name].is_nullish()) read.where.push_back({std::string(filter.name), op, {base::spelled(value[name])}});
}

// Medusa 1.20: buildQuery's contains, starts_with and ends_with. Quirk: % and _ are wildcards.
void add_parts(Read& read, const Filter& filter, const base::Json& value) {
  static constexpr std::tuple<std::string_view, std::string_view, std::string_view> parts[] = {
      {"contains", "%", "%"}, {"starts_with", "", "%"}, {"ends_with", "%", ""}};
  for (const auto& [name, before, after] : parts)
    if (!value[name].is_nullish())
      read.where.push_back({std::string(filter.name),
                            Operator::like_ignoring_case,
                            {std::string(before) + value[name].as_string() + std::string(after)}});
}

} // namespace

// $hidden(x) stands for "x.deleted_at IS NULL", or "true" where deleted rows are read too.
void add_sql(Read& read, std::string_view sql, const std::string& value) {
  constexpr std::string_view kHidden = "$hidden(";
  const bool hidden = read.deleted == Deleted::hidden;
  Condition condition{{}, Operator::sql};
  for (std::size_t at; (at = sql.find('$')) != std::string_view::npos;) {
    condition.column += sql.substr(0, at);
    sql.remove_prefix(at);
    if (sql.starts_with(kHidden)) {
      const auto end = sql.find(')');
      condition.column +=
          hidden ? std::string(sql.substr(kHidden.size(), end - kHidden.size())) + ".deleted_at IS NULL" : "true";
      sql.remove_prefix(end + 1);
    } else {
      if (sql.starts_with("$?")) condition.values.push_back(value);
      condition.column += '$';
      sql.remove_prefix(1);
    }
  }
  condition.column += sql;
  read.where.push_back(std::move(condition));
}

Rules one_rules(const std::vector<Filter>& filters) {
  Rules rules;
  for (const auto& filter : filters) rules.rows.push_back(rule_of(filter));
  for (const std::string_view name : {"fields", "expand"}) rules.rows.push_back({name, Is::string, Presence::optional});
  return rules;
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

void add_conditions(const std::vector<Filter>& filters, const base::Json& asked, Read& read) {
  for (const auto& filter : filters) {
    const auto& value = asked[filter.name];
    if (value.is_nullish()) continue;
    const std::string column(filter.name);
    // Medusa 1.20: buildQuery. Who asks when rows were deleted means the deleted ones too.
    if (filter.name == "deleted_at") read.deleted = Deleted::included;
    switch (filter.by) {
    case By::ignored: break;
    case By::text:
      if (filter.sql.empty())
        read.where.push_back({column, Operator::equal, {base::spelled(value)}});
      else
        add_sql(read, filter.sql, base::spelled(value));
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
        read.where.push_back({column, Operator::in, texts});
      else
        add_sql(read, filter.sql, db::array_literal(texts));
      break;
    }
    case By::boolean:
      // Quirk: a text that is neither true nor false filters nothing.
      if (value.is_bool()) read.where.push_back({column, Operator::equal, {value.as_bool() ? "t" : "f"}});
      break;
    case By::number:
      if (!value.is_object()) {
        read.where.push_back({column, Operator::equal, {number_of(filter, value)}});
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

void add_page(const base::Json& asked, std::int64_t default_limit, Read& read) {
  const auto number = [&](std::string_view name, std::int64_t otherwise) {
    const auto& value = asked[name];
    if (value.is_number() && std::abs(value.as_number()) > 9e15) throw base::Error::malformed(name);
    const std::int64_t n = value.is_number() ? value.as_int() : otherwise;
    if (n < 0) throw base::Error::invalid_data(std::string(name) + " must not be less than 0");
    return n;
  };
  read.offset = number("offset", 0);
  const auto limit = number("limit", default_limit);
  read.limit = limit == 0 ? -1 : limit; // Quirk: a limit of 0 is no limit.
}

} // namespace query
