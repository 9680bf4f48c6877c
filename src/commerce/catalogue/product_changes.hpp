// What the writes of products, options and variants share. Called by them, on the request's fiber, inside a transaction.
#pragma once
#include "base/json.hpp"
#include "commerce/catalogue/tables.hpp"
#include "db/batch.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <initializer_list>
#include <string>
#include <vector>

namespace commerce::catalogue {

// A body's list; empty where it names none.
base::JsonArray list_of(const base::Json& list);

// The product with what its change looks at, locked until the commit.
struct LockedProduct {
  query::Tree tree;
  query::RowOf<table::Product> row() const { return *tree.first<table::Product>(); }
};
// With its options and its variants, locked too, or alone.
enum class Variants { left_alone, changed };
// The statements that take the locks; what else is to be looked up in the same round trip goes behind them.
db::Batch locks_of_product(const std::string& id, Variants variants);
// Sends them and reads the product. Throws not_found.
LockedProduct lock_product(ports::Call& call, const std::string& id, Variants variants, db::Batch& locks);
LockedProduct lock_product(ports::Call& call, const std::string& id, Variants variants);

// The names of a body's members in the event product-variant.updated.
std::vector<std::string> told_of(const base::Json& body, std::initializer_list<const char*> ahead,
                                 std::initializer_list<const char*> behind = {});

} // namespace commerce::catalogue
