// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct OrderEdit {
  static constexpr std::string_view name = "OrderEdit";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"order_id", text},
      {"internal_note", text, nullable},
      {"created_by", text},
      {"requested_by", text, nullable},
      {"requested_at", timestamp, nullable},
      {"confirmed_by", text, nullable},
      {"confirmed_at", timestamp, nullable},
      {"declined_by", text, nullable},
      {"declined_reason", text, nullable},
      {"declined_at", timestamp, nullable},
      {"canceled_by", text, nullable},
      {"canceled_at", timestamp, nullable},
      {"payment_collection_id", text, nullable},
  };
  static constexpr Relation relations[] = {
      {"order", to_one, "Order", "order_id"},
      {"changes", to_many, "OrderItemChange", "order_edit_id"},
      {"items", to_many, "LineItem", "order_edit_id"},
      {"payment_collection", to_one, "PaymentCollection", "payment_collection_id"},
  };
};

struct OrderItemChange {
  static constexpr std::string_view name = "OrderItemChange";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"type", enumeration},
      {"order_edit_id", text},
      {"original_line_item_id", text, nullable},
      {"line_item_id", text, nullable},
  };
  static constexpr Relation relations[] = {
      {"order_edit", to_one, "OrderEdit", "order_edit_id"},
      {"original_line_item", to_one, "LineItem", "original_line_item_id"},
      {"line_item", to_one, "LineItem", "line_item_id"},
  };
};

} // namespace commerce::table
