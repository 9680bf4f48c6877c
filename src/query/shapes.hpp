// The statements whose text follows from a request, each printed and named once. Internal to the query room.
// Owns: a bounded table of them for each thread. A client that plays with `fields` or `metadata` can't fill the memory:
// shapes beyond the bound are printed and parsed anew each time.
#pragma once
#include "base/strings.hpp"
#include "db/db.hpp"
#include <string>
#include <utility>

namespace query {

// `key` names the shape; `print` returns its SQL and is called where the shape is not known yet.
template<class Print> db::Statement statement_of_shape(std::string key, Print&& print) {
  constexpr std::size_t kShapes = 1000;
  thread_local base::StringMap<db::Statement> shapes;
  if (const auto found = shapes.find(key); found != shapes.end()) return found->second;
  std::string sql = print();
  if (shapes.size() >= kShapes) return db::Statement::once(std::move(sql));
  db::Statement made(sql);
  shapes.emplace(std::move(key), made);
  return made;
}

} // namespace query
