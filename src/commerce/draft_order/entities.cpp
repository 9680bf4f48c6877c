// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_draft_order_entities() {
  schema::add({
      .name = "DraftOrder",
      .table = "draft_order",
      .prefix = "dorder",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"status", enumeration},
              {"display_id", integer},
              {"cart_id", text, nullable},
              {"order_id", text, nullable},
              {"canceled_at", timestamp, nullable},
              {"completed_at", timestamp, nullable},
              {"no_notification_order", boolean, nullable},
              {"metadata", json, nullable},
              {"idempotency_key", text, nullable},
          },
      .relations =
          {
              {"cart", to_one, "Cart", "cart_id"},
              {"order", to_one, "Order", "order_id"},
          },
  });
}

} // namespace commerce
