// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct InventoryItem {
  static constexpr std::string_view name = "InventoryItem";
  static constexpr Column columns[] = {
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
  };
  static constexpr Relation relations[] = {
      {"inventory_levels", to_many, "InventoryLevel", "inventory_item_id"},
      {"variants", many_to_many, "ProductVariant", "inventory_item_id", "variant_id", "product_variant_inventory_item"},
  };
};

struct InventoryLevel {
  static constexpr std::string_view name = "InventoryLevel";
  static constexpr Column columns[] = {
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
  };
  static constexpr Relation relations[] = {
      {"inventory_item", to_one, "InventoryItem", "inventory_item_id"},
  };
};

struct ReservationItem {
  static constexpr std::string_view name = "ReservationItem";
  static constexpr Column columns[] = {
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
  };
  static constexpr Relation relations[] = {
      {"inventory_item", to_one, "InventoryItem", "inventory_item_id"},
      {"line_item", to_one, "LineItem", "line_item_id"},
  };
};

struct StockLocation {
  static constexpr std::string_view name = "StockLocation";
  static constexpr Column columns[] = {
      {"id", text},   {"created_at", timestamp},      {"updated_at", timestamp},    {"deleted_at", timestamp, nullable},
      {"name", text}, {"address_id", text, nullable}, {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"address", to_one, "StockLocationAddress", "address_id"},
      {"sales_channels", many_to_many, "SalesChannel", "location_id", "sales_channel_id", "sales_channel_location",
       Flag::sales_channels},
  };
};

struct StockLocationAddress {
  static constexpr std::string_view name = "StockLocationAddress";
  static constexpr Column columns[] = {
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
  };
};

} // namespace commerce::table
