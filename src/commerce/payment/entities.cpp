// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_payment_entities() {
  schema::add({
      .name = "Payment",
      .table = "payment",
      .prefix = "pay",
      .key = "id",
      .columns =
          {
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
          },
      .relations =
          {
              {"swap", to_one, "Swap", "swap_id"},
              {"cart", to_one, "Cart", "cart_id"},
              {"order", to_one, "Order", "order_id"},
              {"currency", to_one, "Currency", "currency_code", "code"},
          },
  });

  schema::add({
      .name = "PaymentSession",
      .table = "payment_session",
      .prefix = "ps",
      .key = "id",
      .columns =
          {
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
          },
      .relations =
          {
              {"cart", to_one, "Cart", "cart_id"},
          },
  });

  schema::add({
      .name = "PaymentProvider",
      .table = "payment_provider",
      .prefix = "",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"is_installed", boolean},
          },
  });

  schema::add({
      .name = "PaymentCollection",
      .table = "payment_collection",
      .prefix = "paycol",
      .key = "id",
      .columns =
          {
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
          },
      .relations =
          {
              {"region", to_one, "Region", "region_id"},
              {"currency", to_one, "Currency", "currency_code", "code"},
              {"payment_sessions", many_to_many, "PaymentSession", "payment_collection_id", "payment_session_id",
               "payment_collection_sessions"},
              {"payments", many_to_many, "Payment", "payment_collection_id", "payment_id",
               "payment_collection_payments"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "Refund",
      .table = "refund",
      .prefix = "ref",
      .key = "id",
      .columns =
          {
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
          },
      .relations =
          {
              {"order", to_one, "Order", "order_id"},
              {"payment", to_one, "Payment", "payment_id"},
          },
  });
}

} // namespace commerce
