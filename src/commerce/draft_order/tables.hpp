// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct DraftOrder {
  static constexpr std::string_view name = "DraftOrder";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"status", enumeration},
      {"display_id", integer},
      {"cart_id", text, nullable},
      {"order_id", text, nullable},
      {"canceled_at", timestamp, nullable},
      {"completed_at", timestamp, nullable},
      {"no_notification_order", boolean, nullable},
      {"metadata", json, nullable},
      {"idempotency_key", text, nullable},
  };
  static constexpr Relation relations[] = {
      {"cart", to_one, "Cart", "cart_id"},
      {"order", to_one, "Order", "order_id"},
  };
};

} // namespace commerce::table
