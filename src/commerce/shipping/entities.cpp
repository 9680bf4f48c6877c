// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_shipping_entities() {
  schema::add({
      .name = "ShippingOption",
      .table = "shipping_option",
      .prefix = "so",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"name", text},
              {"region_id", text},
              {"profile_id", text},
              {"provider_id", text},
              {"price_type", enumeration},
              {"amount", integer, nullable},
              {"is_return", boolean},
              {"admin_only", boolean},
              {"data", json},
              {"metadata", json, nullable},
              {"includes_tax", boolean, required, always, Flag::tax_inclusive_pricing},
          },
      .relations =
          {
              {"region", to_one, "Region", "region_id"},
              {"profile", to_one, "ShippingProfile", "profile_id"},
              {"provider", to_one, "FulfillmentProvider", "provider_id"},
              {"requirements", to_many, "ShippingOptionRequirement", "shipping_option_id"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "ShippingOptionRequirement",
      .table = "shipping_option_requirement",
      .prefix = "sor",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"shipping_option_id", text},
              {"type", enumeration},
              {"amount", integer},
              {"deleted_at", timestamp, nullable},
          },
      .relations =
          {
              {"shipping_option", to_one, "ShippingOption", "shipping_option_id"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "ShippingProfile",
      .table = "shipping_profile",
      .prefix = "sp",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"name", text},
              {"type", enumeration},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"products", many_to_many, "Product", "profile_id", "product_id", "product_shipping_profile"},
              {"shipping_options", to_many, "ShippingOption", "profile_id"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "ShippingMethod",
      .table = "shipping_method",
      .prefix = "sm",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"shipping_option_id", text},
              {"order_id", text, nullable},
              {"claim_order_id", text, nullable},
              {"cart_id", text, nullable},
              {"swap_id", text, nullable},
              {"return_id", text, nullable},
              {"price", integer},
              {"data", json},
              {"includes_tax", boolean, required, always, Flag::tax_inclusive_pricing},
          },
      .relations =
          {
              {"order", to_one, "Order", "order_id"},
              {"claim_order", to_one, "ClaimOrder", "claim_order_id"},
              {"cart", to_one, "Cart", "cart_id"},
              {"swap", to_one, "Swap", "swap_id"},
              {"return_order", to_one, "Return", "return_id"},
              {"shipping_option", to_one, "ShippingOption", "shipping_option_id"},
              {"tax_lines", to_many, "ShippingMethodTaxLine", "shipping_method_id"},
          },
  });

  schema::add({
      .name = "ShippingMethodTaxLine",
      .table = "shipping_method_tax_line",
      .prefix = "smtl",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"rate", number},
              {"name", text},
              {"code", text, nullable},
              {"metadata", json, nullable},
              {"shipping_method_id", text},
          },
      .relations =
          {
              {"shipping_method", to_one, "ShippingMethod", "shipping_method_id"},
          },
  });

  schema::add({
      .name = "CustomShippingOption",
      .table = "custom_shipping_option",
      .prefix = "cso",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"price", integer},
              {"shipping_option_id", text},
              {"cart_id", text, nullable},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"shipping_option", to_one, "ShippingOption", "shipping_option_id"},
              {"cart", to_one, "Cart", "cart_id"},
          },
      .soft_delete = true,
  });
}

} // namespace commerce
