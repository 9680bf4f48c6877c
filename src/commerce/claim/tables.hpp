// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct ClaimOrder {
  static constexpr std::string_view name = "ClaimOrder";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"payment_status", enumeration},
      {"fulfillment_status", enumeration},
      {"type", enumeration},
      {"order_id", text},
      {"shipping_address_id", text, nullable},
      {"refund_amount", integer, nullable},
      {"canceled_at", timestamp, nullable},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"no_notification", boolean, nullable},
      {"metadata", json, nullable},
      {"idempotency_key", text, nullable},
  };
  static constexpr Relation relations[] = {
      {"claim_items", to_many, "ClaimItem", "claim_order_id"},
      {"additional_items", to_many, "LineItem", "claim_order_id"},
      {"order", to_one, "Order", "order_id"},
      {"return_order", inverse_one, "Return", "claim_order_id"},
      {"shipping_address", to_one, "Address", "shipping_address_id"},
      {"shipping_methods", to_many, "ShippingMethod", "claim_order_id"},
      {"fulfillments", to_many, "Fulfillment", "claim_order_id"},
  };
};

struct ClaimItem {
  static constexpr std::string_view name = "ClaimItem";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"claim_order_id", text},
      {"item_id", text},
      {"variant_id", text},
      {"reason", enumeration},
      {"note", text, nullable},
      {"quantity", integer},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"images", to_many, "ClaimImage", "claim_item_id"},
      {"claim_order", to_one, "ClaimOrder", "claim_order_id"},
      {"item", to_one, "LineItem", "item_id"},
      {"variant", to_one, "ProductVariant", "variant_id"},
      {"tags", many_to_many, "ClaimTag", "item_id", "tag_id", "claim_item_tags"},
  };
};

struct ClaimImage {
  static constexpr std::string_view name = "ClaimImage";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"claim_item_id", text},
      {"url", text},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"claim_item", to_one, "ClaimItem", "claim_item_id"},
  };
};

struct ClaimTag {
  static constexpr std::string_view name = "ClaimTag";
  static constexpr Column columns[] = {
      {"id", text},    {"created_at", timestamp},    {"updated_at", timestamp}, {"deleted_at", timestamp, nullable},
      {"value", text}, {"metadata", json, nullable},
  };
};

} // namespace commerce::table
