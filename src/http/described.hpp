// What a route answers and takes, in words: for `stheno routes`, its golden file, and /openapi.json. Nothing that happens
// to a request depends on it. Resource describes its own routes; handwritten ones name what they show with shows_one() and
// shows_list(). Called while routes are made and by the two readers; any thread.
#pragma once
#include "http/http.hpp"
#include "query/grammar.hpp"
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace http {

struct Described {
  enum class Rows {
    one,     // {member: {...}}
    list,    // {member: [...]}
    page,    // {member: [...], count, offset, limit}
    counted, // {member: [...], count}
    removed, // {id, object: member, deleted: true}
    bare,    // {...}: the row itself, without an envelope
    object,  // {...}: what `shape` names
    text,    // OK, as plain text
    nothing, // no body
  } rows = Rows::one;
  std::string_view member{}, entity{};
  query::Grammar read{};
  std::int64_t limit = 0; // of a page, by default
  int status = 200;
  const Rules* shape = nullptr; // of an object that is no row
};
using DescribedPtr = std::shared_ptr<const Described>;

DescribedPtr shows_one(std::string_view member, std::string_view entity, query::Grammar read = {});
DescribedPtr shows_page(std::string_view member, std::string_view entity, std::int64_t limit, query::Grammar read = {});
DescribedPtr shows_counted(std::string_view member, std::string_view entity, std::int64_t limit,
                           query::Grammar read = {});
DescribedPtr shows_list(std::string_view member, std::string_view entity, query::Grammar read = {});

// {method, path, auth, flag?, guesses?, kept?, answers?: {status, body, entity, limit?, fields, relations, allowed_...}, query?, body?};
// members of query and body by name, each with its kind ("string", "integer", "[{...}]"), "?" behind what may be left out.
base::Json describe(const Route& route);
std::string_view auth_name(Auth auth);
std::string_view guess_name(Guess guess); // what may be wrong too often

// A kind of rule in words, and as JSON Schema.
std::string_view kind_name(Is is);
base::Json json_schema(const Rules& rules);
base::Json json_schema(const Rule& rule);

} // namespace http
