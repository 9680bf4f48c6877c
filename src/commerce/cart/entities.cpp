// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/cart/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_cart_entities() {
  schema::add({
      .name = table::Cart::name,
      .table = "cart",
      .prefix = "cart",
      .key = "id",
      .columns = listed(table::Cart::columns),
      .relations = listed(table::Cart::relations),
      .soft_delete = true,
      .object = "cart",
  });

  schema::add({
      .name = table::LineItem::name,
      .table = "line_item",
      .prefix = "item",
      .key = "id",
      .columns = listed(table::LineItem::columns),
      .relations = listed(table::LineItem::relations),
  });

  schema::add({
      .name = table::LineItemAdjustment::name,
      .table = "line_item_adjustment",
      .prefix = "lia",
      .key = "id",
      .columns = listed(table::LineItemAdjustment::columns),
      .relations = listed(table::LineItemAdjustment::relations),
  });

  schema::add({
      .name = table::LineItemTaxLine::name,
      .table = "line_item_tax_line",
      .prefix = "litl",
      .key = "id",
      .columns = listed(table::LineItemTaxLine::columns),
      .relations = listed(table::LineItemTaxLine::relations),
  });
}

} // namespace commerce
