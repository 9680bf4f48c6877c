// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_order_edit_entities() {
  schema::add({
      .name = "OrderEdit",
      .table = "order_edit",
      .prefix = "oe",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"order_id", text},
              {"internal_note", text, nullable},
              {"created_by", text},
              {"requested_by", text, nullable},
              {"requested_at", timestamp, nullable},
              {"confirmed_by", text, nullable},
              {"confirmed_at", timestamp, nullable},
              {"declined_by", text, nullable},
              {"declined_reason", text, nullable},
              {"declined_at", timestamp, nullable},
              {"canceled_by", text, nullable},
              {"canceled_at", timestamp, nullable},
              {"payment_collection_id", text, nullable},
          },
      .relations =
          {
              {"order", to_one, "Order", "order_id"},
              {"changes", to_many, "OrderItemChange", "order_edit_id"},
              {"items", to_many, "LineItem", "order_edit_id"},
              {"payment_collection", to_one, "PaymentCollection", "payment_collection_id"},
          },
  });

  schema::add({
      .name = "OrderItemChange",
      .table = "order_item_change",
      .prefix = "oic",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"type", enumeration},
              {"order_edit_id", text},
              {"original_line_item_id", text, nullable},
              {"line_item_id", text, nullable},
          },
      .relations =
          {
              {"order_edit", to_one, "OrderEdit", "order_edit_id"},
              {"original_line_item", to_one, "LineItem", "original_line_item_id"},
              {"line_item", to_one, "LineItem", "line_item_id"},
          },
      .soft_delete = true,
  });
}

} // namespace commerce
