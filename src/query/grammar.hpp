// What a client may say about a read: `fields`, `expand` and `order` against a route's defaults and allowances.
// Medusa 1.20: prepareListQuery. Called by http's Resource rows and by handwritten list handlers; any thread.
#pragma once
#include "query/query.hpp"
#include <optional>
#include <string>
#include <vector>

namespace query {

// A route's side. Names may be dotted ("variants.prices.amount").
struct Grammar {
  std::vector<std::string> fields{};            // loaded by default; empty: all columns
  std::vector<std::string> relations{};         // loaded by default
  std::vector<std::string> allowed_fields{};    // empty: anything the entity has
  std::vector<std::string> allowed_relations{}; // empty: anything the entity has
};

enum class Many { no, yes };

struct Wanted {
  Selection selection;
  std::vector<std::string> relations; // dotted, as resolved
  std::vector<Order> order;           // of lists: what was asked for, else newest first
  bool has_relation(std::string_view dotted) const;
};

// `query` is the parsed query string (members fields, expand, order). Throws invalid_data with 1.20's sentences; also
// for names that the entity lacks, which 1.20 answers with 500.
Wanted resolve(const schema::Entity& entity, const schema::Flags& flags, const Grammar& grammar,
               const base::Json& query, Many many);

} // namespace query
