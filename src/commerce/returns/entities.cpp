// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/returns/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_returns_entities() {
  schema::add({
      .name = table::Return::name,
      .table = "return",
      .prefix = "ret",
      .key = "id",
      .columns = listed(table::Return::columns),
      .relations = listed(table::Return::relations),
  });

  schema::add({
      .name = table::ReturnItem::name,
      .table = "return_item",
      .prefix = "",
      .key = "return_id",
      .columns = listed(table::ReturnItem::columns),
      .relations = listed(table::ReturnItem::relations),
  });

  schema::add({
      .name = table::ReturnReason::name,
      .table = "return_reason",
      .prefix = "rr",
      .key = "id",
      .columns = listed(table::ReturnReason::columns),
      .relations = listed(table::ReturnReason::relations),
      .soft_delete = true,
  });
}

} // namespace commerce
