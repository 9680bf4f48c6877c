// What lists can be filtered by: a table of parameters, from which the rules of a query and the conditions of its read follow.
// Owns nothing. Called by http's Resource rows, by handwritten lists and by exports; any thread.
#pragma once
#include "base/json.hpp"
#include "query/query.hpp"
#include "rules/rules.hpp"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace query {

// How a query parameter filters.
enum class By {
  text,                    // one value, equal
  text_or_list,            // one value or several
  list,                    // an array of values
  boolean,                 // "true" or "false"
  number,                  // a number, or lt, gt, lte, gte
  date,                    // lt, gt, lte, gte
  comparison,              // of texts: lt, gt, lte, gte, contains, starts_with, ends_with
  enumeration,             // one of `values` or several
  text_list_or_comparison, // each of these three
  typed_date,              // a date that IsType checks, which refuses in other words
  ignored,                 // checked as a text, used by a hook only
};
struct Filter {
  std::string_view name;
  By by = By::text;
  // SQL of our own instead of the column of that name: `t` is the entity's table, each $? the value (a text, or the
  // literal of a text[] for `list` and `text_or_list`).
  std::string_view sql{};
  std::vector<std::string_view> values{};
};

// What a query may say of one row: the filters, `fields` and `expand`.
rules::Rules one_rules(const std::vector<Filter>& filters);
// And of a list: the page and its order, too.
rules::Rules list_rules(const std::vector<Filter>& filters);
// Appends what a checked query asks for.
void add_conditions(const std::vector<Filter>& filters, const base::Json& asked, Read& read);
// `sql`, in which each $? is `value`.
void add_sql(Read& read, std::string_view sql, const std::string& value);
// Offset and limit of a checked query; limit 0 means all, as in 1.20. Throws invalid_data when negative.
void add_page(const base::Json& asked, std::int64_t default_limit, Read& read);

} // namespace query
