// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/catalogue/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_catalogue_entities() {
  schema::add({
      .name = table::Product::name,
      .table = "product",
      .prefix = "prod",
      .key = "id",
      .columns = listed(table::Product::columns),
      .relations = listed(table::Product::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ProductVariant::name,
      .table = "product_variant",
      .prefix = "variant",
      .key = "id",
      .columns = listed(table::ProductVariant::columns),
      .relations = listed(table::ProductVariant::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ProductOption::name,
      .table = "product_option",
      .prefix = "opt",
      .key = "id",
      .columns = listed(table::ProductOption::columns),
      .relations = listed(table::ProductOption::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ProductOptionValue::name,
      .table = "product_option_value",
      .prefix = "optval",
      .key = "id",
      .columns = listed(table::ProductOptionValue::columns),
      .relations = listed(table::ProductOptionValue::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ProductCollection::name,
      .table = "product_collection",
      .prefix = "pcol",
      .key = "id",
      .columns = listed(table::ProductCollection::columns),
      .relations = listed(table::ProductCollection::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ProductType::name,
      .table = "product_type",
      .prefix = "ptyp",
      .key = "id",
      .columns = listed(table::ProductType::columns),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ProductTag::name,
      .table = "product_tag",
      .prefix = "ptag",
      .key = "id",
      .columns = listed(table::ProductTag::columns),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ProductCategory::name,
      .table = "product_category",
      .prefix = "pcat",
      .key = "id",
      .columns = listed(table::ProductCategory::columns),
      .relations = listed(table::ProductCategory::relations),
  });

  schema::add({
      .name = table::Image::name,
      .table = "image",
      .prefix = "img",
      .key = "id",
      .columns = listed(table::Image::columns),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ProductVariantInventoryItem::name,
      .table = "product_variant_inventory_item",
      .prefix = "pvitem",
      .key = "id",
      .columns = listed(table::ProductVariantInventoryItem::columns),
      .relations = listed(table::ProductVariantInventoryItem::relations),
      .soft_delete = true,
  });
}

} // namespace commerce
