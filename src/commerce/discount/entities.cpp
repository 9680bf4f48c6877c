// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_discount_entities() {
  schema::add({
      .name = "Discount",
      .table = "discount",
      .prefix = "disc",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"code", text},
              {"is_dynamic", boolean},
              {"rule_id", text, nullable},
              {"is_disabled", boolean},
              {"parent_discount_id", text, nullable},
              {"starts_at", timestamp},
              {"ends_at", timestamp, nullable},
              {"valid_duration", text, nullable},
              {"usage_limit", integer, nullable},
              {"usage_count", integer},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"rule", to_one, "DiscountRule", "rule_id"},
              {"parent_discount", to_one, "Discount", "parent_discount_id"},
              {"regions", many_to_many, "Region", "discount_id", "region_id", "discount_regions"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "DiscountRule",
      .table = "discount_rule",
      .prefix = "dru",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"description", text, nullable},
              {"type", enumeration},
              {"value", integer},
              {"allocation", enumeration, nullable},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"conditions", to_many, "DiscountCondition", "discount_rule_id"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "DiscountCondition",
      .table = "discount_condition",
      .prefix = "discon",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"type", enumeration},
              {"operator", enumeration},
              {"discount_rule_id", text},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"discount_rule", to_one, "DiscountRule", "discount_rule_id"},
              {"products", many_to_many, "Product", "condition_id", "product_id", "discount_condition_product"},
              {"product_types", many_to_many, "ProductType", "condition_id", "product_type_id",
               "discount_condition_product_type"},
              {"product_tags", many_to_many, "ProductTag", "condition_id", "product_tag_id",
               "discount_condition_product_tag"},
              {"product_collections", many_to_many, "ProductCollection", "condition_id", "product_collection_id",
               "discount_condition_product_collection"},
              {"customer_groups", many_to_many, "CustomerGroup", "condition_id", "customer_group_id",
               "discount_condition_customer_group"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "DiscountConditionCustomerGroup",
      .table = "discount_condition_customer_group",
      .prefix = "",
      .key = "customer_group_id",
      .columns =
          {
              {"customer_group_id", text},
              {"condition_id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"customer_group", to_one, "CustomerGroup", "customer_group_id"},
              {"discount_condition", to_one, "DiscountCondition", "condition_id"},
          },
  });

  schema::add({
      .name = "DiscountConditionProduct",
      .table = "discount_condition_product",
      .prefix = "",
      .key = "product_id",
      .columns =
          {
              {"product_id", text},
              {"condition_id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"product", to_one, "Product", "product_id"},
              {"discount_condition", to_one, "DiscountCondition", "condition_id"},
          },
  });

  schema::add({
      .name = "DiscountConditionProductCollection",
      .table = "discount_condition_product_collection",
      .prefix = "",
      .key = "product_collection_id",
      .columns =
          {
              {"product_collection_id", text},
              {"condition_id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"product_collection", to_one, "ProductCollection", "product_collection_id"},
              {"discount_condition", to_one, "DiscountCondition", "condition_id"},
          },
  });

  schema::add({
      .name = "DiscountConditionProductTag",
      .table = "discount_condition_product_tag",
      .prefix = "",
      .key = "product_tag_id",
      .columns =
          {
              {"product_tag_id", text},
              {"condition_id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"product_tag", to_one, "ProductTag", "product_tag_id"},
              {"discount_condition", to_one, "DiscountCondition", "condition_id"},
          },
  });

  schema::add({
      .name = "DiscountConditionProductType",
      .table = "discount_condition_product_type",
      .prefix = "",
      .key = "product_type_id",
      .columns =
          {
              {"product_type_id", text},
              {"condition_id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"product_type", to_one, "ProductType", "product_type_id"},
              {"discount_condition", to_one, "DiscountCondition", "condition_id"},
          },
  });
}

} // namespace commerce
