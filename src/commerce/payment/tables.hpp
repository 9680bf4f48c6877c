// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct Payment {
  static constexpr std::string_view name = "Payment";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"swap_id", text, nullable},
      {"cart_id", text, nullable},
      {"order_id", text, nullable},
      {"amount", integer},
      {"currency_code", text},
      {"amount_refunded", integer},
      {"provider_id", text},
      {"data", json},
      {"captured_at", timestamp, nullable},
      {"canceled_at", timestamp, nullable},
      {"metadata", json, nullable},
      {"idempotency_key", text, nullable},
  };
  static constexpr Relation relations[] = {
      {"swap", to_one, "Swap", "swap_id"},
      {"cart", to_one, "Cart", "cart_id"},
      {"order", to_one, "Order", "order_id"},
      {"currency", to_one, "Currency", "currency_code", "code"},
  };
};

struct PaymentSession {
  static constexpr std::string_view name = "PaymentSession";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"cart_id", text, nullable},
      {"provider_id", text},
      {"is_selected", boolean, nullable},
      {"is_initiated", boolean},
      {"status", enumeration},
      {"data", json},
      {"idempotency_key", text, nullable},
      {"amount", integer, nullable},
      {"payment_authorized_at", timestamp, nullable},
  };
  static constexpr Relation relations[] = {
      {"cart", to_one, "Cart", "cart_id"},
  };
};

struct PaymentProvider {
  static constexpr std::string_view name = "PaymentProvider";
  static constexpr Column columns[] = {
      {"id", text},
      {"is_installed", boolean},
  };
};

struct PaymentCollection {
  static constexpr std::string_view name = "PaymentCollection";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"type", enumeration},
      {"status", enumeration},
      {"description", text, nullable},
      {"amount", integer},
      {"authorized_amount", integer, nullable},
      {"region_id", text},
      {"currency_code", text},
      {"metadata", json},
      {"created_by", text},
  };
  static constexpr Relation relations[] = {
      {"region", to_one, "Region", "region_id"},
      {"currency", to_one, "Currency", "currency_code", "code"},
      {"payment_sessions", many_to_many, "PaymentSession", "payment_collection_id", "payment_session_id",
       "payment_collection_sessions"},
      {"payments", many_to_many, "Payment", "payment_collection_id", "payment_id", "payment_collection_payments"},
  };
};

struct Refund {
  static constexpr std::string_view name = "Refund";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"order_id", text, nullable},
      {"payment_id", text, nullable},
      {"amount", integer},
      {"note", text, nullable},
      {"reason", enumeration},
      {"metadata", json, nullable},
      {"idempotency_key", text, nullable},
  };
  static constexpr Relation relations[] = {
      {"order", to_one, "Order", "order_id"},
      {"payment", to_one, "Payment", "payment_id"},
  };
};

} // namespace commerce::table
