// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/order/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_order_entities() {
  schema::add({
      .name = table::Order::name,
      .table = "order",
      .prefix = "order",
      .key = "id",
      .columns = listed(table::Order::columns),
      .relations = listed(table::Order::relations),
      .object = "order",
  });
}

} // namespace commerce
