// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_fulfillment_entities() {
  schema::add({
      .name = "Fulfillment",
      .table = "fulfillment",
      .prefix = "ful",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"claim_order_id", text, nullable},
              {"swap_id", text, nullable},
              {"order_id", text, nullable},
              {"no_notification", boolean, nullable},
              {"provider_id", text},
              {"location_id", text, nullable},
              {"tracking_numbers", json},
              {"data", json},
              {"shipped_at", timestamp, nullable},
              {"canceled_at", timestamp, nullable},
              {"metadata", json, nullable},
              {"idempotency_key", text, nullable},
          },
      .relations =
          {
              {"claim_order", to_one, "ClaimOrder", "claim_order_id"},
              {"swap", to_one, "Swap", "swap_id"},
              {"order", to_one, "Order", "order_id"},
              {"provider", to_one, "FulfillmentProvider", "provider_id"},
              {"items", to_many, "FulfillmentItem", "fulfillment_id"},
              {"tracking_links", to_many, "TrackingLink", "fulfillment_id"},
          },
  });

  schema::add({
      .name = "FulfillmentItem",
      .table = "fulfillment_item",
      .prefix = "",
      .key = "fulfillment_id",
      .columns =
          {
              {"fulfillment_id", text},
              {"item_id", text},
              {"quantity", integer},
          },
      .relations =
          {
              {"fulfillment", to_one, "Fulfillment", "fulfillment_id"},
              {"item", to_one, "LineItem", "item_id"},
          },
  });

  schema::add({
      .name = "FulfillmentProvider",
      .table = "fulfillment_provider",
      .prefix = "",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"is_installed", boolean},
          },
  });

  schema::add({
      .name = "TrackingLink",
      .table = "tracking_link",
      .prefix = "tlink",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"url", text, nullable},
              {"tracking_number", text},
              {"fulfillment_id", text},
              {"idempotency_key", text, nullable},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"fulfillment", to_one, "Fulfillment", "fulfillment_id"},
          },
      .soft_delete = true,
  });
}

} // namespace commerce
