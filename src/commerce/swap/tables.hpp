// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct Swap {
  static constexpr std::string_view name = "Swap";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"fulfillment_status", enumeration},
      {"payment_status", enumeration},
      {"order_id", text},
      {.name = "difference_due", .type = integer, .nullable = true, .is_signed = Signed::yes},
      {"shipping_address_id", text, nullable},
      {"cart_id", text, nullable},
      {"confirmed_at", timestamp, nullable},
      {"canceled_at", timestamp, nullable},
      {"no_notification", boolean, nullable},
      {"allow_backorder", boolean},
      {"idempotency_key", text, nullable},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"order", to_one, "Order", "order_id"},
      {"additional_items", to_many, "LineItem", "swap_id"},
      {"return_order", inverse_one, "Return", "swap_id"},
      {"fulfillments", to_many, "Fulfillment", "swap_id"},
      {"payment", inverse_one, "Payment", "swap_id"},
      {"shipping_address", to_one, "Address", "shipping_address_id"},
      {"shipping_methods", to_many, "ShippingMethod", "swap_id"},
      {"cart", to_one, "Cart", "cart_id"},
  };
};

} // namespace commerce::table
