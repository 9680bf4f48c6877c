// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/pricing/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_pricing_entities() {
  schema::add({
      .name = table::MoneyAmount::name,
      .table = "money_amount",
      .prefix = "ma",
      .key = "id",
      .columns = listed(table::MoneyAmount::columns),
      .relations = listed(table::MoneyAmount::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::PriceList::name,
      .table = "price_list",
      .prefix = "pl",
      .key = "id",
      .columns = listed(table::PriceList::columns),
      .relations = listed(table::PriceList::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ProductVariantMoneyAmount::name,
      .table = "product_variant_money_amount",
      .prefix = "pvma_",
      .key = "id",
      .columns = listed(table::ProductVariantMoneyAmount::columns),
      .soft_delete = true,
  });

  schema::add({
      .name = table::Currency::name,
      .table = "currency",
      .prefix = "",
      .key = "code",
      .columns = listed(table::Currency::columns),
  });
}

} // namespace commerce
