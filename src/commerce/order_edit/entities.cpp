// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/order_edit/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_order_edit_entities() {
  schema::add({
      .name = table::OrderEdit::name,
      .table = "order_edit",
      .prefix = "oe",
      .key = "id",
      .columns = listed(table::OrderEdit::columns),
      .relations = listed(table::OrderEdit::relations),
  });

  schema::add({
      .name = table::OrderItemChange::name,
      .table = "order_item_change",
      .prefix = "oic",
      .key = "id",
      .columns = listed(table::OrderItemChange::columns),
      .relations = listed(table::OrderItemChange::relations),
      .soft_delete = true,
  });
}

} // namespace commerce
