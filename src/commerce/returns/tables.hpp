// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct Return {
  static constexpr std::string_view name = "Return";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"status", enumeration},
      {"swap_id", text, nullable},
      {"claim_order_id", text, nullable},
      {"order_id", text, nullable},
      {"location_id", text, nullable},
      {"shipping_data", json, nullable},
      {"refund_amount", integer},
      {"received_at", timestamp, nullable},
      {"no_notification", boolean, nullable},
      {"metadata", json, nullable},
      {"idempotency_key", text, nullable},
  };
  static constexpr Relation relations[] = {
      {"items", to_many, "ReturnItem", "return_id"},
      {"swap", to_one, "Swap", "swap_id"},
      {"claim_order", to_one, "ClaimOrder", "claim_order_id"},
      {"order", to_one, "Order", "order_id"},
      {"shipping_method", inverse_one, "ShippingMethod", "return_id"},
  };
};

struct ReturnItem {
  static constexpr std::string_view name = "ReturnItem";
  static constexpr Column columns[] = {
      {"return_id", text},
      {"item_id", text},
      {"quantity", integer},
      {"is_requested", boolean},
      {"requested_quantity", integer, nullable},
      {"received_quantity", integer, nullable},
      {"reason_id", text, nullable},
      {"note", text, nullable},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"return_order", to_one, "Return", "return_id"},
      {"item", to_one, "LineItem", "item_id"},
      {"reason", to_one, "ReturnReason", "reason_id"},
  };
};

struct ReturnReason {
  static constexpr std::string_view name = "ReturnReason";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"value", text},
      {"label", text},
      {"description", text, nullable},
      {"parent_return_reason_id", text, nullable},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"parent_return_reason", to_one, "ReturnReason", "parent_return_reason_id"},
      {"return_reason_children", to_many, "ReturnReason", "parent_return_reason_id"},
  };
};

} // namespace commerce::table
