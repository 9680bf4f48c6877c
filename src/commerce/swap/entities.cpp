// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/swap/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_swap_entities() {
  schema::add({
      .name = table::Swap::name,
      .table = "swap",
      .prefix = "swap",
      .key = "id",
      .columns = listed(table::Swap::columns),
      .relations = listed(table::Swap::relations),
      .soft_delete = true,
  });
}

} // namespace commerce
