// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_tax_entities() {
  schema::add({
      .name = "TaxRate",
      .table = "tax_rate",
      .prefix = "txr",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"rate", number, nullable},
              {"code", text, nullable},
              {"name", text},
              {"region_id", text},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"region", to_one, "Region", "region_id"},
              {"products", many_to_many, "Product", "rate_id", "product_id", "product_tax_rate"},
              {"product_types", many_to_many, "ProductType", "rate_id", "product_type_id", "product_type_tax_rate"},
              {"shipping_options", many_to_many, "ShippingOption", "rate_id", "shipping_option_id",
               "shipping_tax_rate"},
          },
  });

  schema::add({
      .name = "TaxProvider",
      .table = "tax_provider",
      .prefix = "",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"is_installed", boolean},
          },
  });

  schema::add({
      .name = "ProductTaxRate",
      .table = "product_tax_rate",
      .prefix = "",
      .key = "product_id",
      .columns =
          {
              {"product_id", text},
              {"rate_id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"product", to_one, "Product", "product_id"},
              {"tax_rate", to_one, "TaxRate", "rate_id"},
          },
  });

  schema::add({
      .name = "ProductTypeTaxRate",
      .table = "product_type_tax_rate",
      .prefix = "",
      .key = "product_type_id",
      .columns =
          {
              {"product_type_id", text},
              {"rate_id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"product_type", to_one, "ProductType", "product_type_id"},
              {"tax_rate", to_one, "TaxRate", "rate_id"},
          },
  });

  schema::add({
      .name = "ShippingTaxRate",
      .table = "shipping_tax_rate",
      .prefix = "",
      .key = "shipping_option_id",
      .columns =
          {
              {"shipping_option_id", text},
              {"rate_id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"shipping_option", to_one, "ShippingOption", "shipping_option_id"},
              {"tax_rate", to_one, "TaxRate", "rate_id"},
          },
  });
}

} // namespace commerce
