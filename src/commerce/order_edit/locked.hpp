// An order edit as whoever changes it needs it: loaded, its order's row locked first and then its own, until the end of the
// transaction. So all that is done to the edits of one order is done one after the other. Owns nothing. Called by the operations
// of this folder, on the fiber of the request, inside a transaction.
#pragma once
#include "ports/call.hpp"
#include "query/query.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce::order_edit {

// What to load besides the edit's own row.
struct Needs {
  bool items = false;      // with tax lines, adjustments and variants
  bool order = false;      // with all that totals and discounts are made of
  bool changes = false;    // with the original line items, as they can be copied
  bool collection = false; // the payment collection with its payments
};

struct Locked {
  query::Tree tree;
  std::vector<db::Result> others; // of `besides`
  query::Row edit() const { return *tree.first(); }
};
// `besides`: further reads that travel in the same batch, once the order is locked. Throws not_found.
Locked lock(ports::Call& call, std::string_view edit_id, const Needs& needs, std::vector<db::Query> besides = {});

// Whether its items may still change: it is neither confirmed, nor canceled, nor declined.
bool is_active(const query::Row& edit);

} // namespace commerce::order_edit
