// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct Product {
  static constexpr std::string_view name = "Product";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"title", text},
      {"subtitle", text, nullable},
      {"description", text, nullable},
      {"handle", text, nullable},
      {"is_giftcard", boolean},
      {"status", enumeration},
      {"thumbnail", text, nullable},
      {"weight", integer, nullable},
      {"length", integer, nullable},
      {"height", integer, nullable},
      {"width", integer, nullable},
      {"hs_code", text, nullable},
      {"origin_country", text, nullable},
      {"mid_code", text, nullable},
      {"material", text, nullable},
      {"collection_id", text, nullable},
      {"type_id", text, nullable},
      {"discountable", boolean},
      {"external_id", text, nullable},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      // Times of images ascend in the order in which they were sent (ProductParts); those of one time, which the
      // real Medusa has made, stand as they were linked.
      {.name = "images",
       .kind = many_to_many,
       .target = "Image",
       .column = "product_id",
       .target_column = "image_id",
       .join_table = "product_images",
       .order_by = "t.created_at, j.ctid"},
      {"options", to_many, "ProductOption", "product_id"},
      {"variants", to_many, "ProductVariant", "product_id"},
      {"categories", many_to_many, "ProductCategory", "product_id", "product_category_id", "product_category_product"},
      {"profiles", many_to_many, "ShippingProfile", "product_id", "profile_id", "product_shipping_profile"},
      {"collection", to_one, "ProductCollection", "collection_id"},
      {"type", to_one, "ProductType", "type_id"},
      {"tags", many_to_many, "ProductTag", "product_id", "product_tag_id", "product_tags"},
      {"sales_channels", many_to_many, "SalesChannel", "product_id", "sales_channel_id", "product_sales_channel",
       Flag::sales_channels},
  };
};

struct ProductVariant {
  static constexpr std::string_view name = "ProductVariant";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"title", text},
      {"product_id", text},
      {"sku", text, nullable},
      {"barcode", text, nullable},
      {"ean", text, nullable},
      {"upc", text, nullable},
      {.name = "variant_rank", .type = integer, .nullable = true, .is_signed = Signed::yes},
      // Below zero where more was sold than was there.
      {.name = "inventory_quantity", .type = integer, .is_signed = Signed::yes},
      {"allow_backorder", boolean},
      {"manage_inventory", boolean},
      {"hs_code", text, nullable},
      {"origin_country", text, nullable},
      {"mid_code", text, nullable},
      {"material", text, nullable},
      {"weight", integer, nullable},
      {"length", integer, nullable},
      {"height", integer, nullable},
      {"width", integer, nullable},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"product", to_one, "Product", "product_id"},
      {"prices", many_to_many, "MoneyAmount", "variant_id", "money_amount_id", "product_variant_money_amount"},
      {"options", to_many, "ProductOptionValue", "variant_id"},
      {"inventory_items", to_many, "ProductVariantInventoryItem", "variant_id"},
  };
};

struct ProductOption {
  static constexpr std::string_view name = "ProductOption";
  static constexpr Column columns[] = {
      {"id", text},    {"created_at", timestamp}, {"updated_at", timestamp},    {"deleted_at", timestamp, nullable},
      {"title", text}, {"product_id", text},      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"values", to_many, "ProductOptionValue", "option_id"},
      {"product", to_one, "Product", "product_id"},
  };
};

struct ProductOptionValue {
  static constexpr std::string_view name = "ProductOptionValue";
  static constexpr Column columns[] = {
      {"id", text},    {"created_at", timestamp}, {"updated_at", timestamp}, {"deleted_at", timestamp, nullable},
      {"value", text}, {"option_id", text},       {"variant_id", text},      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"option", to_one, "ProductOption", "option_id"},
      {"variant", to_one, "ProductVariant", "variant_id"},
  };
};

struct ProductCollection {
  static constexpr std::string_view name = "ProductCollection";
  static constexpr Column columns[] = {
      {"id", text},    {"created_at", timestamp},  {"updated_at", timestamp},    {"deleted_at", timestamp, nullable},
      {"title", text}, {"handle", text, nullable}, {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"products", to_many, "Product", "collection_id"},
  };
};

struct ProductType {
  static constexpr std::string_view name = "ProductType";
  static constexpr Column columns[] = {
      {"id", text},    {"created_at", timestamp},    {"updated_at", timestamp}, {"deleted_at", timestamp, nullable},
      {"value", text}, {"metadata", json, nullable},
  };
};

struct ProductTag {
  static constexpr std::string_view name = "ProductTag";
  static constexpr Column columns[] = {
      {"id", text},    {"created_at", timestamp},    {"updated_at", timestamp}, {"deleted_at", timestamp, nullable},
      {"value", text}, {"metadata", json, nullable},
  };
};

struct ProductCategory {
  static constexpr std::string_view name = "ProductCategory";
  static constexpr Column columns[] = {
      {"id", text},           {"created_at", timestamp},    {"updated_at", timestamp},
      {"name", text},         {"description", text},        {"handle", text},
      {"is_active", boolean}, {"is_internal", boolean},     {"parent_category_id", text},
      {"rank", integer},      {"metadata", json, nullable}, {"mpath", text, nullable, never},
  };
  static constexpr Relation relations[] = {
      {"parent_category", to_one, "ProductCategory", "parent_category_id"},
      {"category_children", to_many, "ProductCategory", "parent_category_id"},
      {"products", many_to_many, "Product", "product_category_id", "product_id", "product_category_product"},
  };
};

struct Image {
  static constexpr std::string_view name = "Image";
  static constexpr Column columns[] = {
      {"id", text},  {"created_at", timestamp},    {"updated_at", timestamp}, {"deleted_at", timestamp, nullable},
      {"url", text}, {"metadata", json, nullable},
  };
};

struct ProductVariantInventoryItem {
  static constexpr std::string_view name = "ProductVariantInventoryItem";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"inventory_item_id", text},
      {"variant_id", text},
      {"required_quantity", integer},
  };
  static constexpr Relation relations[] = {
      {"variant", to_one, "ProductVariant", "variant_id"},
  };
};

} // namespace commerce::table
