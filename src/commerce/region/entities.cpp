// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/region/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_region_entities() {
  schema::add({
      .name = table::Region::name,
      .table = "region",
      .prefix = "reg",
      .key = "id",
      .columns = listed(table::Region::columns),
      .relations = listed(table::Region::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::Country::name,
      .table = "country",
      .prefix = "",
      .key = "id",
      .columns = listed(table::Country::columns),
      .relations = listed(table::Country::relations),
  });
}

} // namespace commerce
