// Medusa 1.20: the entities of @medusajs/inventory and @medusajs/stock-location, as their tables hold them. Columns stand in
// the order in which JSON shows them. The tables exist where the modules are configured.
#include "commerce/entities.hpp"
#include "commerce/stock/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_stock_entities() {
  schema::add({
      .name = table::InventoryItem::name,
      .table = "inventory_item",
      .prefix = "iitem",
      .key = "id",
      .columns = listed(table::InventoryItem::columns),
      .relations = listed(table::InventoryItem::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::InventoryLevel::name,
      .table = "inventory_level",
      .prefix = "ilev",
      .key = "id",
      .columns = listed(table::InventoryLevel::columns),
      .relations = listed(table::InventoryLevel::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ReservationItem::name,
      .table = "reservation_item",
      .prefix = "resitem",
      .key = "id",
      .columns = listed(table::ReservationItem::columns),
      .relations = listed(table::ReservationItem::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::StockLocation::name,
      .table = "stock_location",
      .prefix = "sloc",
      .key = "id",
      .columns = listed(table::StockLocation::columns),
      .relations = listed(table::StockLocation::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::StockLocationAddress::name,
      .table = "stock_location_address",
      .prefix = "laddr",
      .key = "id",
      .columns = listed(table::StockLocationAddress::columns),
      .soft_delete = true,
  });
}

} // namespace commerce
