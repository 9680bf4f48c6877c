// Reading is a table: a Resource row says what an entity's routes show, filter, take and refuse, and hands out the routes.
// resource.cpp reads, resource_write.cpp creates, updates, removes and links.
// Called by commerce to build its routes at start; the handlers run on the request's fiber.
#pragma once
#include "http/http.hpp"
#include "query/filters.hpp"
#include "query/grammar.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace http {

using query::add_conditions;
using query::add_page;
using query::By;
using query::Filter;
using query::list_rules;

// What a list answers besides its rows.
enum class Paged {
  full,        // count, offset, limit
  limit_first, // count, limit, offset
  page_first,  // count, offset, limit, and then the rows
  count_first, // count, and then the rows; offset, limit
  count_only,  // count
  bare,        // the rows alone
};

// Whether a route looks at its query. Quirk: several of 1.20's don't.
enum class QueryUse { read, ignored };

// What a write is about to do, as its hook sees it: inside the transaction, before anything is written. A hook refuses by
// throwing, changes `values`, adds statements, and may emit events; they are published with the commit.
struct Change {
  Context& context;
  ports::Call& call;
  const schema::Entity& entity;
  std::string id;                           // of the row; in create the one that it will have
  std::optional<query::Row> before{};       // the row as it is, locked, its own columns; none in create
  base::Json values = base::Json::object(); // columns that will be written: those that the body names
  std::vector<db::Command> ahead{},
      behind{}; // further statements of the same batch, ahead of the row's own and behind it
  const base::Json& body() const { return context.body(); }
};
// What the answer to a write shows.
enum class Answer {
  loaded, // the row read back
  saved, // the row alone, as 1.20's save() leaves it: first what was given, then the id, what is null, and the defaults
};
// How a body's metadata goes together with the row's.
enum class Metadata { replaced, merged };

struct Write {
  Rules body{};
  void (*hook)(Change&) = nullptr;
  std::string_view event{}; // "region.created", with the row's id; empty: none, or the hook emits its own
  Metadata metadata = Metadata::replaced;
  Answer answer = Answer::loaded;
  // What the answer shows where it is not what the other routes show, and whether the query's `fields` and `expand` count.
  std::optional<query::Grammar> shows{};
  QueryUse query = QueryUse::ignored;
  int status = 200;
  // Still in the transaction, with the row as it is now: for events that hold more than the id.
  void (*after)(Change&, const query::Row& row) = nullptr;
};

// What a removal says of a row that is not there.
enum class Missing { refused, overlooked };
struct Remove {
  std::string_view object; // the envelope {id, object, deleted: true}
  Missing missing = Missing::refused;
  void (*hook)(Change&) = nullptr; // not called for a row that is not there
  std::string_view event{};
  // Rows of entities with deleted_at are marked; `yes` removes them all the same.
  enum class Erased { by_entity, yes } erased = Erased::by_entity;
};

// Rows of another table that belong to this one, by a join table or by the hook's own statements.
struct Link {
  std::string_view path; // behind "/admin/regions/:region_id": "/countries", or "/countries/:country_code"
  std::string_view ids; // the body's member (a text, or a list of texts or of objects with an `id`), or the path's name
  std::string_view table{}, own_column{}, other_column{};
  std::string_view not_found{}; // where the row itself is missing and the sentence is not the resource's
  Rules body{};
  void (*hook)(Change&, const std::vector<std::string>& ids) = nullptr;
  std::optional<query::Grammar> shows{};
  QueryUse query = QueryUse::ignored;
  // Answers instead of the row: what context.json() is given stands.
  void (*answer)(Change&, const std::vector<std::string>& ids) = nullptr;
  // Still in the transaction, with the row as it is now: for events.
  void (*after)(Change&, const query::Row& row, const std::vector<std::string>& ids) = nullptr;
};
// Elements of a list of objects with an id.
extern const Rules kWithId;

struct Resource {
  std::string_view path;           // "/store/regions"
  std::string_view entity;         // "Region"
  std::string_view one, many;      // names of the envelope's member
  std::string_view not_found{};    // "Region with {id} not found"
  std::string_view id_name = "id"; // in paths: "/admin/regions/:region_id"
  query::Grammar read{};
  std::vector<Filter> filters{};
  std::vector<Filter> retrieve_filters{}; // further query parameters of the retrieve route, for the hooks
  std::string_view search{};              // SQL of `q`; each $? is the pattern %q%. Empty: no search
  std::vector<Rule> unfiltered{};         // further query parameters of the list, for the hooks
  // Which of fields, expand, order, offset and limit the list does not know, or `unfiltered` knows by another rule.
  std::vector<std::string_view> refused{};
  std::int64_t limit = 100; // by default
  Paged paged = Paged::full;
  std::vector<query::Order> order{}; // of a list for which none is asked; empty: newest first
  Auth auth = Auth::none;
  schema::Flag flag = schema::Flag::none;
  Kept kept = Kept::never;
  // Of replies that are kept: whether this one may be. For routes that show what is not watched to those who ask for it.
  bool (*keepable)(const Context& context, const query::Read& read) = nullptr;
  // Whether the list's count stays as it is when a variant is sold.
  bool (*sales_leave_count)(const query::Read& read) = nullptr;
  // Which products' variants it shows: Response::shown_products.
  std::optional<std::vector<std::string>> (*shown_products)(const query::Read& read, const query::Tree& tree) = nullptr;
  // Hooks: further conditions of the list and of the single row; members computed from the loaded rows.
  void (*prepare)(Context& context, const query::Wanted& wanted, query::Read& read) = nullptr;
  void (*prepare_one)(Context& context, const query::Wanted& wanted, query::Read& read) = nullptr;
  void (*decorate)(Context& context, const query::Wanted& wanted, const query::Tree& tree) = nullptr;

  // Each adds a route. Of a body only what its rules name is taken. GET path, GET path/:id, POST path, POST path/:id, DELETE path/:id, and for links POST and DELETE of
  // path/:id and the link's own path.
  Resource& list(QueryUse query = QueryUse::read);
  Resource& retrieve(QueryUse query = QueryUse::read);
  Resource& create(Write write);
  Resource& update(Write write);
  Resource& remove(Remove remove);
  // POST path/:id and `behind`: an update under a name of its own ("/revoke").
  Resource& act(std::string_view behind, Write write);
  Resource& link(Link link);
  Resource& unlink(Link link);
  // Throws std::logic_error that names everything in the row that its entity lacks.
  Routes routes() const;

  // Which routes there are; set by the functions above.
  std::optional<QueryUse> listed{}, retrieved{};
  std::optional<Write> created{}, updated{};
  std::optional<Remove> removed{};
  std::vector<std::pair<std::string_view, Write>> acts{};
  std::vector<Link> linked{}, unlinked{};
};

// "{many: [...]}".
std::string rows_json(std::string_view many, const query::Tree& tree);
// A new row as 1.20 answers with the object that it saved: its members stand in the order in which they came to it.
base::Json as_saved(const query::Row& row, const base::Json& given);
// "{one: {...}}".
std::string one_json(std::string_view one, const query::Row& row);

} // namespace http
