// What the writes of products, options and variants share. Called by them, on the request's fiber, inside a transaction.
#pragma once
#include "base/json.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include <initializer_list>
#include <string>
#include <vector>

namespace commerce::catalogue {

// A body's list; empty where it names none.
base::JsonArray list_of(const base::Json& list);

// The product with what its change looks at, locked until the commit, and the results of `lookups`, which travel along.
struct LockedProduct {
  query::Tree tree;
  std::vector<db::Result> found;
  query::Row row() const { return *tree.first(); }
};
// With its options and its variants, locked too, or alone.
enum class Variants { left_alone, changed };
// Throws not_found.
LockedProduct lock_product(ports::Call& call, const std::string& id, Variants variants,
                           std::vector<db::Query> lookups = {});

// The names of a body's members in the event product-variant.updated.
std::vector<std::string> told_of(const base::Json& body, std::initializer_list<const char*> ahead,
                                 std::initializer_list<const char*> behind = {});

} // namespace commerce::catalogue
