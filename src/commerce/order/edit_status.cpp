#include "commerce/order/edit_status.hpp"
#include "commerce/order_edit/tables.hpp"
#include "query/row_of.hpp"

namespace commerce::order {

// The last that has happened.
std::string_view edit_status(const query::RowOf<table::OrderEdit>& edit) {
  if (!edit.is_null("canceled_at")) return "canceled";
  if (!edit.is_null("confirmed_at")) return "confirmed";
  if (!edit.is_null("declined_at")) return "declined";
  return edit.is_null("requested_at") ? "created" : "requested";
}

} // namespace commerce::order
