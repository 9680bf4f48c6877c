// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_claim_entities() {
  schema::add({
      .name = "ClaimOrder",
      .table = "claim_order",
      .prefix = "claim",
      .key = "id",
      .columns =
          {
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
          },
      .relations =
          {
              {"claim_items", to_many, "ClaimItem", "claim_order_id"},
              {"additional_items", to_many, "LineItem", "claim_order_id"},
              {"order", to_one, "Order", "order_id"},
              {"return_order", inverse_one, "Return", "claim_order_id"},
              {"shipping_address", to_one, "Address", "shipping_address_id"},
              {"shipping_methods", to_many, "ShippingMethod", "claim_order_id"},
              {"fulfillments", to_many, "Fulfillment", "claim_order_id"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "ClaimItem",
      .table = "claim_item",
      .prefix = "citm",
      .key = "id",
      .columns =
          {
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
          },
      .relations =
          {
              {"images", to_many, "ClaimImage", "claim_item_id"},
              {"claim_order", to_one, "ClaimOrder", "claim_order_id"},
              {"item", to_one, "LineItem", "item_id"},
              {"variant", to_one, "ProductVariant", "variant_id"},
              {"tags", many_to_many, "ClaimTag", "item_id", "tag_id", "claim_item_tags"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "ClaimImage",
      .table = "claim_image",
      .prefix = "cimg",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"claim_item_id", text},
              {"url", text},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"claim_item", to_one, "ClaimItem", "claim_item_id"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "ClaimTag",
      .table = "claim_tag",
      .prefix = "ctag",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"value", text},
              {"metadata", json, nullable},
          },
      .soft_delete = true,
  });
}

} // namespace commerce
