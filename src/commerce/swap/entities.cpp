// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_swap_entities() {
  schema::add({
      .name = "Swap",
      .table = "swap",
      .prefix = "swap",
      .key = "id",
      .columns =
          {
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
          },
      .relations =
          {
              {"order", to_one, "Order", "order_id"},
              {"additional_items", to_many, "LineItem", "swap_id"},
              {"return_order", inverse_one, "Return", "swap_id"},
              {"fulfillments", to_many, "Fulfillment", "swap_id"},
              {"payment", inverse_one, "Payment", "swap_id"},
              {"shipping_address", to_one, "Address", "shipping_address_id"},
              {"shipping_methods", to_many, "ShippingMethod", "swap_id"},
              {"cart", to_one, "Cart", "cart_id"},
          },
      .soft_delete = true,
  });
}

} // namespace commerce
