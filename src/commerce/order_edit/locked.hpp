// An order edit as whoever changes it needs it: loaded, its order's row locked first and then its own, until the end of the
// transaction. So all that is done to the edits of one order is done one after the other. Owns nothing. Called by the operations
// of this folder, on the fiber of the request, inside a transaction.
#pragma once
#include "commerce/order/tables.hpp"
#include "commerce/order_edit/tables.hpp"
#include "commerce/order_edit/view.hpp"
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
  bool items = false;
  bool lines = false;      // the items with their tax lines and adjustments
  bool variants = false;   // the items with their variants, whose products discounts look at
  bool changes = false;    // what has been changed
  bool originals = false;  // the line items that were changed, as they can be copied
  bool collection = false; // the payment collection
  bool payments = false;   // and its payments
  bool order = false;      // the order with all that totals are made of, its items and discounts among it
  bool discounts = false;  // of the order only its discounts with their rules
  // Its items as they stand alone, where others take their place.
  bool order_items_alone = false;
};

struct Locked {
  query::Tree tree;
  db::Batch::Slot other{}; // of `besides`
  query::RowOf<table::OrderEdit> edit() const { return *tree.first<table::OrderEdit>(); }
  query::RowOf<table::Order> order() const { return *edit().one<table::Order>("order"); }
};
// `besides`: a further read that travels in the same batch, once the order is locked; its result goes to `other`. Throws
// not_found.
Locked lock(ports::Call& call, std::string_view edit_id, const Needs& needs, std::optional<db::Command> besides = {});

// An edit that was locked with its order, as an answer uses it.
Changed in_hand(Locked locked);

// Whether its items may still change: it is neither confirmed, nor canceled, nor declined.
bool is_active(const query::RowOf<table::OrderEdit>& edit);

} // namespace commerce::order_edit
