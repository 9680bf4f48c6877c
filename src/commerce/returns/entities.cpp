// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_returns_entities() {
  schema::add({
      .name = "Return",
      .table = "return",
      .prefix = "ret",
      .key = "id",
      .columns =
          {
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
          },
      .relations =
          {
              {"items", to_many, "ReturnItem", "return_id"},
              {"swap", to_one, "Swap", "swap_id"},
              {"claim_order", to_one, "ClaimOrder", "claim_order_id"},
              {"order", to_one, "Order", "order_id"},
              {"shipping_method", inverse_one, "ShippingMethod", "return_id"},
          },
  });

  schema::add({
      .name = "ReturnItem",
      .table = "return_item",
      .prefix = "",
      .key = "return_id",
      .columns =
          {
              {"return_id", text},
              {"item_id", text},
              {"quantity", integer},
              {"is_requested", boolean},
              {"requested_quantity", integer, nullable},
              {"received_quantity", integer, nullable},
              {"reason_id", text, nullable},
              {"note", text, nullable},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"return_order", to_one, "Return", "return_id"},
              {"item", to_one, "LineItem", "item_id"},
              {"reason", to_one, "ReturnReason", "reason_id"},
          },
  });

  schema::add({
      .name = "ReturnReason",
      .table = "return_reason",
      .prefix = "rr",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"value", text},
              {"label", text},
              {"description", text, nullable},
              {"parent_return_reason_id", text, nullable},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"parent_return_reason", to_one, "ReturnReason", "parent_return_reason_id"},
              {"return_reason_children", to_many, "ReturnReason", "parent_return_reason_id"},
          },
      .soft_delete = true,
  });
}

} // namespace commerce
