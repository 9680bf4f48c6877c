// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/shipping/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_shipping_entities() {
  schema::add({
      .name = table::ShippingOption::name,
      .table = "shipping_option",
      .prefix = "so",
      .key = "id",
      .columns = listed(table::ShippingOption::columns),
      .relations = listed(table::ShippingOption::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ShippingOptionRequirement::name,
      .table = "shipping_option_requirement",
      .prefix = "sor",
      .key = "id",
      .columns = listed(table::ShippingOptionRequirement::columns),
      .relations = listed(table::ShippingOptionRequirement::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ShippingProfile::name,
      .table = "shipping_profile",
      .prefix = "sp",
      .key = "id",
      .columns = listed(table::ShippingProfile::columns),
      .relations = listed(table::ShippingProfile::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ShippingMethod::name,
      .table = "shipping_method",
      .prefix = "sm",
      .key = "id",
      .columns = listed(table::ShippingMethod::columns),
      .relations = listed(table::ShippingMethod::relations),
  });

  schema::add({
      .name = table::ShippingMethodTaxLine::name,
      .table = "shipping_method_tax_line",
      .prefix = "smtl",
      .key = "id",
      .columns = listed(table::ShippingMethodTaxLine::columns),
      .relations = listed(table::ShippingMethodTaxLine::relations),
  });

  schema::add({
      .name = table::CustomShippingOption::name,
      .table = "custom_shipping_option",
      .prefix = "cso",
      .key = "id",
      .columns = listed(table::CustomShippingOption::columns),
      .relations = listed(table::CustomShippingOption::relations),
      .soft_delete = true,
  });
}

} // namespace commerce
