// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct Order {
  static constexpr std::string_view name = "Order";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"status", enumeration},
      {"fulfillment_status", enumeration},
      {"payment_status", enumeration},
      {"display_id", integer},
      {"cart_id", text, nullable},
      {"customer_id", text},
      {"email", text},
      {"billing_address_id", text, nullable},
      {"shipping_address_id", text, nullable},
      {"region_id", text},
      {"currency_code", text},
      {"tax_rate", number, nullable},
      {"draft_order_id", text, nullable},
      {"canceled_at", timestamp, nullable},
      {"metadata", json, nullable},
      {"no_notification", boolean, nullable},
      {"idempotency_key", text, nullable},
      {"external_id", text, nullable},
      {"sales_channel_id", text, nullable, always, Flag::sales_channels},
  };
  static constexpr Relation relations[] = {
      {"cart", to_one, "Cart", "cart_id"},
      {"customer", to_one, "Customer", "customer_id"},
      {"billing_address", to_one, "Address", "billing_address_id"},
      {"shipping_address", to_one, "Address", "shipping_address_id"},
      {"region", to_one, "Region", "region_id"},
      {"currency", to_one, "Currency", "currency_code", "code"},
      {"discounts", many_to_many, "Discount", "order_id", "discount_id", "order_discounts"},
      {"gift_cards", many_to_many, "GiftCard", "order_id", "gift_card_id", "order_gift_cards"},
      {"shipping_methods", to_many, "ShippingMethod", "order_id"},
      {"payments", to_many, "Payment", "order_id"},
      {"fulfillments", to_many, "Fulfillment", "order_id"},
      {"returns", to_many, "Return", "order_id"},
      {"claims", to_many, "ClaimOrder", "order_id"},
      {"refunds", to_many, "Refund", "order_id"},
      {"swaps", to_many, "Swap", "order_id"},
      {"draft_order", to_one, "DraftOrder", "draft_order_id"},
      {"edits", to_many, "OrderEdit", "order_id"},
      {"items", to_many, "LineItem", "order_id"},
      {"gift_card_transactions", to_many, "GiftCardTransaction", "order_id"},
      {"sales_channel", to_one, "SalesChannel", "sales_channel_id", "id", "", Flag::sales_channels},
  };
};

} // namespace commerce::table
