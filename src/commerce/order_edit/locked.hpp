// An order edit as whoever changes it needs it: loaded, its order's row locked first and then its own, until the end of the
// transaction. So all that is done to the edits of one order is done one after the other. Owns nothing. Called by the operations
// of this folder, on the fiber of the request, inside a transaction.
#pragma once
#include "commerce/order_edit/tables.hpp"
#include "db/batch.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::order_edit {

// What to load besides the edit's own row.
struct Needs {
  bool items = false;       // with tax lines, adjustments and variants
  bool changes = false;     // what has been changed
  bool originals = false;   // the line items that were changed, as they can be copied
  bool collection = false;  // the payment collection with its payments
  bool discounts = false;   // the order with its discounts and their rules
  bool buyer = false;       // the order with its region, customer and shipping address
  bool order_items = false; // the order with its items
  bool totals = false;      // the order with all that totals are made of, its items among it
};

struct Locked {
  query::Tree tree;
  db::Batch::Slot other{}; // of `besides`
  query::RowOf<table::OrderEdit> edit() const { return *tree.first<table::OrderEdit>(); }
};
// `besides`: a further read that travels in the same batch, once the order is locked; its result goes to `other`. Throws
// not_found.
Locked lock(ports::Call& call, std::string_view edit_id, const Needs& needs, std::optional<db::Query> besides = {});

// Whether its items may still change: it is neither confirmed, nor canceled, nor declined.
bool is_active(const query::RowOf<table::OrderEdit>& edit);

} // namespace commerce::order_edit
