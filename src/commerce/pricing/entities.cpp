// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_pricing_entities() {
  schema::add({
      .name = "MoneyAmount",
      .table = "money_amount",
      .prefix = "ma",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"currency_code", text},
              {"amount", integer},
              {"min_quantity", integer, nullable},
              {"max_quantity", integer, nullable},
              {"price_list_id", text, nullable},
              {"region_id", text, nullable},
          },
      .relations =
          {
              {"currency", to_one, "Currency", "currency_code", "code"},
              {"price_list", to_one, "PriceList", "price_list_id"},
              {"variants", many_to_many, "ProductVariant", "money_amount_id", "variant_id",
               "product_variant_money_amount"},
              {"region", to_one, "Region", "region_id"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "PriceList",
      .table = "price_list",
      .prefix = "pl",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"name", text},
              {"description", text},
              {"type", enumeration},
              {"status", enumeration},
              {"starts_at", timestamp, nullable},
              {"ends_at", timestamp, nullable},
              {"includes_tax", boolean, required, always, Flag::tax_inclusive_pricing},
          },
      .relations =
          {
              {"customer_groups", many_to_many, "CustomerGroup", "price_list_id", "customer_group_id",
               "price_list_customer_groups"},
              {"prices", to_many, "MoneyAmount", "price_list_id"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "ProductVariantMoneyAmount",
      .table = "product_variant_money_amount",
      .prefix = "pvma_",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"money_amount_id", text},
              {"variant_id", text},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "Currency",
      .table = "currency",
      .prefix = "",
      .key = "code",
      .columns =
          {
              {"code", text},
              {"symbol", text},
              {"symbol_native", text},
              {"name", text},
              {"includes_tax", boolean, required, always, Flag::tax_inclusive_pricing},
          },
  });
}

} // namespace commerce
