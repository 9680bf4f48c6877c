// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct Cart {
  static constexpr std::string_view name = "Cart";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"email", text, nullable},
      {"billing_address_id", text, nullable},
      {"shipping_address_id", text, nullable},
      {"region_id", text},
      {"customer_id", text, nullable},
      {"payment_id", text, nullable},
      {"type", enumeration},
      {"completed_at", timestamp, nullable},
      {"payment_authorized_at", timestamp, nullable},
      {"idempotency_key", text, nullable},
      {"context", json, nullable},
      {"metadata", json, nullable},
      {"sales_channel_id", text, nullable, always, Flag::sales_channels},
  };
  static constexpr Relation relations[] = {
      {"billing_address", to_one, "Address", "billing_address_id"},
      {"shipping_address", to_one, "Address", "shipping_address_id"},
      {"items", to_many, "LineItem", "cart_id"},
      {"region", to_one, "Region", "region_id"},
      {"discounts", many_to_many, "Discount", "cart_id", "discount_id", "cart_discounts"},
      {"gift_cards", many_to_many, "GiftCard", "cart_id", "gift_card_id", "cart_gift_cards"},
      {"customer", to_one, "Customer", "customer_id"},
      {"payment_sessions", to_many, "PaymentSession", "cart_id"},
      {"payment", to_one, "Payment", "payment_id"},
      {"shipping_methods", to_many, "ShippingMethod", "cart_id"},
      {"sales_channel", to_one, "SalesChannel", "sales_channel_id", "id", "", Flag::sales_channels},
  };
};

struct LineItem {
  static constexpr std::string_view name = "LineItem";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"cart_id", text, nullable},
      {"order_id", text, nullable},
      {"swap_id", text, nullable},
      {"claim_order_id", text, nullable},
      {"original_item_id", text, nullable},
      {"order_edit_id", text, nullable},
      {"title", text},
      {"description", text, nullable},
      {"thumbnail", text, nullable},
      {"is_return", boolean},
      {"is_giftcard", boolean},
      {"should_merge", boolean},
      {"allow_discounts", boolean},
      {"has_shipping", boolean, nullable},
      {"unit_price", integer},
      {"variant_id", text, nullable},
      {"quantity", integer},
      {"fulfilled_quantity", integer, nullable},
      {"returned_quantity", integer, nullable},
      {"shipped_quantity", integer, nullable},
      {"metadata", json, nullable},
      {"includes_tax", boolean, required, always, Flag::tax_inclusive_pricing},
  };
  static constexpr Relation relations[] = {
      {"cart", to_one, "Cart", "cart_id"},
      {"order", to_one, "Order", "order_id"},
      {"swap", to_one, "Swap", "swap_id"},
      {"claim_order", to_one, "ClaimOrder", "claim_order_id"},
      {"tax_lines", to_many, "LineItemTaxLine", "item_id"},
      {"adjustments", to_many, "LineItemAdjustment", "item_id"},
      {"order_edit", to_one, "OrderEdit", "order_edit_id"},
      {"variant", to_one, "ProductVariant", "variant_id"},
  };
};

struct LineItemAdjustment {
  static constexpr std::string_view name = "LineItemAdjustment";
  static constexpr Column columns[] = {
      {"id", text},          {"item_id", text},
      {"description", text}, {"discount_id", text, nullable},
      {"amount", numeric},   {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"item", to_one, "LineItem", "item_id"},
      {"discount", to_one, "Discount", "discount_id"},
  };
};

struct LineItemTaxLine {
  static constexpr std::string_view name = "LineItemTaxLine";
  static constexpr Column columns[] = {
      {"id", text},   {"created_at", timestamp}, {"updated_at", timestamp},    {"rate", number},
      {"name", text}, {"code", text, nullable},  {"metadata", json, nullable}, {"item_id", text},
  };
  static constexpr Relation relations[] = {
      {"item", to_one, "LineItem", "item_id"},
  };
};

} // namespace commerce::table
