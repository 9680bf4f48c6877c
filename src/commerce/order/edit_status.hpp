// What has become of an order edit, which no column says: 1.20 makes the status of the times, wherever an edit is shown. Owns
// nothing. Called by what shows orders and their edits, and by the operations on edits; on the fiber of the request.
// Medusa 1.20: OrderEdit.loadStatus
#pragma once
#include "commerce/order_edit/tables.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <string_view>

namespace commerce::order {

// "created", "requested", "declined", "confirmed" or "canceled"; of a row with its own columns.
std::string_view edit_status(const query::RowOf<table::OrderEdit>& edit);

} // namespace commerce::order
