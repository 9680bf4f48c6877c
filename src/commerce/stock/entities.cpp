// Medusa 1.20: the entities of @medusajs/inventory and @medusajs/stock-location, as their tables hold them. Columns stand in
// the order in which JSON shows them. The tables exist where the modules are configured.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_stock_entities() {
  schema::add({
      .name = "InventoryItem",
      .table = "inventory_item",
      .prefix = "iitem",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"sku", text, nullable},
              {"origin_country", text, nullable},
              {"hs_code", text, nullable},
              {"mid_code", text, nullable},
              {"material", text, nullable},
              {"weight", integer, nullable},
              {"length", integer, nullable},
              {"height", integer, nullable},
              {"width", integer, nullable},
              {"requires_shipping", boolean},
              {"description", text, nullable},
              {"title", text, nullable},
              {"thumbnail", text, nullable},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"inventory_levels", to_many, "InventoryLevel", "inventory_item_id"},
              {"variants", many_to_many, "ProductVariant", "inventory_item_id", "variant_id",
               "product_variant_inventory_item"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "InventoryLevel",
      .table = "inventory_level",
      .prefix = "ilev",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"inventory_item_id", text},
              {"location_id", text},
              {"stocked_quantity", integer},
              {"reserved_quantity", integer},
              {"incoming_quantity", integer},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"inventory_item", to_one, "InventoryItem", "inventory_item_id"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "ReservationItem",
      .table = "reservation_item",
      .prefix = "resitem",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"line_item_id", text, nullable},
              {"inventory_item_id", text},
              {"location_id", text},
              {"quantity", integer},
              {"external_id", text, nullable},
              {"description", text, nullable},
              {"created_by", text, nullable},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"inventory_item", to_one, "InventoryItem", "inventory_item_id"},
              {"line_item", to_one, "LineItem", "line_item_id"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "StockLocation",
      .table = "stock_location",
      .prefix = "sloc",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"name", text},
              {"address_id", text, nullable},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"address", to_one, "StockLocationAddress", "address_id"},
              {"sales_channels", many_to_many, "SalesChannel", "location_id", "sales_channel_id",
               "sales_channel_location", Flag::sales_channels},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "StockLocationAddress",
      .table = "stock_location_address",
      .prefix = "laddr",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"address_1", text},
              {"address_2", text, nullable},
              {"company", text, nullable},
              {"city", text, nullable},
              {"country_code", text},
              {"phone", text, nullable},
              {"province", text, nullable},
              {"postal_code", text, nullable},
              {"metadata", json, nullable},
          },
      .soft_delete = true,
  });
}

} // namespace commerce
