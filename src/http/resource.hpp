// Reading is a table: a Resource row says what an entity's list and retrieve routes show, filter and refuse, and hands
// out the routes. Called by commerce to build its routes at start; the handlers run on the request's fiber.
#pragma once
#include "http/http.hpp"
#include "query/grammar.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace http {

// How a query parameter filters.
enum class By {
  text,         // one value, equal
  text_or_list, // one value or several
  list,         // an array of values
  boolean,      // "true" or "false"
  number,       // a number, or lt, gt, lte, gte
  date,         // lt, gt, lte, gte
  ignored,      // checked as a text, used by a hook only
};
struct Filter {
  std::string_view name;
  By by = By::text;
  // SQL of our own instead of the column of that name: `t` is the entity's table, each $? the value (a text, or the
  // literal of a text[] for `list` and `text_or_list`).
  std::string_view sql{};
};

// What a list answers besides its rows.
enum class Paged {
  full,        // count, offset, limit
  limit_first, // count, limit, offset
  page_first,  // count, offset, limit, and then the rows
  bare,        // the rows alone
};

struct Resource {
  std::string_view path;   // "/store/regions"
  std::string_view entity; // "Region"
  std::string_view one, many; // names of the envelope's member
  std::string_view not_found{}; // "Region with {id} not found"
  query::Grammar read{};
  std::vector<Filter> filters{};
  std::vector<Filter> retrieve_filters{}; // further query parameters of the retrieve route, for the hooks
  std::string_view search{};              // SQL of `q`; each $? is the pattern %q%. Empty: no search
  std::vector<Rule> unfiltered{};         // further query parameters of the list, for the hooks
  std::vector<std::string_view> refused{}; // which of fields, expand and order the list does not know
  std::int64_t limit = 100;               // by default
  Paged paged = Paged::full;
  Auth auth = Auth::none;
  schema::Flag flag = schema::Flag::none;
  Kept kept = Kept::never;
  // Hooks: further conditions of the list and of the single row; members computed from the loaded rows.
  void (*prepare)(Context& context, const query::Wanted& wanted, query::Read& read) = nullptr;
  void (*prepare_one)(Context& context, const query::Wanted& wanted, query::Read& read) = nullptr;
  void (*decorate)(Context& context, const query::Wanted& wanted, const query::Tree& tree) = nullptr;

  // Which routes there are; set by list() and retrieve().
  bool lists = false, retrieves = false;

  Resource& list();
  Resource& retrieve();
  Routes routes() const;
};

// "{many: [...]}".
std::string rows_json(std::string_view many, const query::Tree& tree);
// "{one: {...}}".
std::string one_json(std::string_view one, const query::Row& row);
// The query rules and conditions of filters, for handwritten lists as well.
Rules list_rules(const std::vector<Filter>& filters);
void add_conditions(const std::vector<Filter>& filters, const base::Json& query, query::Read& read);
// Offset and limit of a checked query; limit 0 means all, as in 1.20. Throws invalid_data when negative.
void add_page(const base::Json& query, std::int64_t default_limit, query::Read& read);

} // namespace http
