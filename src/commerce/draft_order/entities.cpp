// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/draft_order/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_draft_order_entities() {
  schema::add({
      .name = table::DraftOrder::name,
      .table = "draft_order",
      .prefix = "dorder",
      .key = "id",
      .columns = listed(table::DraftOrder::columns),
      .relations = listed(table::DraftOrder::relations),
  });
}

} // namespace commerce
