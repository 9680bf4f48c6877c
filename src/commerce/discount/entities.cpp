// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/discount/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_discount_entities() {
  schema::add({
      .name = table::Discount::name,
      .table = "discount",
      .prefix = "disc",
      .key = "id",
      .columns = listed(table::Discount::columns),
      .relations = listed(table::Discount::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::DiscountRule::name,
      .table = "discount_rule",
      .prefix = "dru",
      .key = "id",
      .columns = listed(table::DiscountRule::columns),
      .relations = listed(table::DiscountRule::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::DiscountCondition::name,
      .table = "discount_condition",
      .prefix = "discon",
      .key = "id",
      .columns = listed(table::DiscountCondition::columns),
      .relations = listed(table::DiscountCondition::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::DiscountConditionCustomerGroup::name,
      .table = "discount_condition_customer_group",
      .prefix = "",
      .key = "customer_group_id",
      .columns = listed(table::DiscountConditionCustomerGroup::columns),
      .relations = listed(table::DiscountConditionCustomerGroup::relations),
  });

  schema::add({
      .name = table::DiscountConditionProduct::name,
      .table = "discount_condition_product",
      .prefix = "",
      .key = "product_id",
      .columns = listed(table::DiscountConditionProduct::columns),
      .relations = listed(table::DiscountConditionProduct::relations),
  });

  schema::add({
      .name = table::DiscountConditionProductCollection::name,
      .table = "discount_condition_product_collection",
      .prefix = "",
      .key = "product_collection_id",
      .columns = listed(table::DiscountConditionProductCollection::columns),
      .relations = listed(table::DiscountConditionProductCollection::relations),
  });

  schema::add({
      .name = table::DiscountConditionProductTag::name,
      .table = "discount_condition_product_tag",
      .prefix = "",
      .key = "product_tag_id",
      .columns = listed(table::DiscountConditionProductTag::columns),
      .relations = listed(table::DiscountConditionProductTag::relations),
  });

  schema::add({
      .name = table::DiscountConditionProductType::name,
      .table = "discount_condition_product_type",
      .prefix = "",
      .key = "product_type_id",
      .columns = listed(table::DiscountConditionProductType::columns),
      .relations = listed(table::DiscountConditionProductType::relations),
  });
}

} // namespace commerce
