// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/tax/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_tax_entities() {
  schema::add({
      .name = table::TaxRate::name,
      .table = "tax_rate",
      .prefix = "txr",
      .key = "id",
      .columns = listed(table::TaxRate::columns),
      .relations = listed(table::TaxRate::relations),
  });

  schema::add({
      .name = table::TaxProvider::name,
      .table = "tax_provider",
      .prefix = "",
      .key = "id",
      .columns = listed(table::TaxProvider::columns),
  });

  schema::add({
      .name = table::ProductTaxRate::name,
      .table = "product_tax_rate",
      .prefix = "",
      .key = "product_id",
      .columns = listed(table::ProductTaxRate::columns),
      .relations = listed(table::ProductTaxRate::relations),
  });

  schema::add({
      .name = table::ProductTypeTaxRate::name,
      .table = "product_type_tax_rate",
      .prefix = "",
      .key = "product_type_id",
      .columns = listed(table::ProductTypeTaxRate::columns),
      .relations = listed(table::ProductTypeTaxRate::relations),
  });

  schema::add({
      .name = table::ShippingTaxRate::name,
      .table = "shipping_tax_rate",
      .prefix = "",
      .key = "shipping_option_id",
      .columns = listed(table::ShippingTaxRate::columns),
      .relations = listed(table::ShippingTaxRate::relations),
  });
}

} // namespace commerce
