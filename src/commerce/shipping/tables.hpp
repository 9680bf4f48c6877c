// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct ShippingOption {
  static constexpr std::string_view name = "ShippingOption";
  static constexpr Column columns[] = {
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
  };
  static constexpr Relation relations[] = {
      {"region", to_one, "Region", "region_id"},
      {"profile", to_one, "ShippingProfile", "profile_id"},
      {"provider", to_one, "FulfillmentProvider", "provider_id"},
      {"requirements", to_many, "ShippingOptionRequirement", "shipping_option_id"},
  };
};

struct ShippingOptionRequirement {
  static constexpr std::string_view name = "ShippingOptionRequirement";
  static constexpr Column columns[] = {
      {"id", text},        {"shipping_option_id", text},        {"type", enumeration},
      {"amount", integer}, {"deleted_at", timestamp, nullable},
  };
  static constexpr Relation relations[] = {
      {"shipping_option", to_one, "ShippingOption", "shipping_option_id"},
  };
};

struct ShippingProfile {
  static constexpr std::string_view name = "ShippingProfile";
  static constexpr Column columns[] = {
      {"id", text},   {"created_at", timestamp}, {"updated_at", timestamp},    {"deleted_at", timestamp, nullable},
      {"name", text}, {"type", enumeration},     {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"products", many_to_many, "Product", "profile_id", "product_id", "product_shipping_profile"},
      {"shipping_options", to_many, "ShippingOption", "profile_id"},
  };
};

struct ShippingMethod {
  static constexpr std::string_view name = "ShippingMethod";
  static constexpr Column columns[] = {
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
  };
  static constexpr Relation relations[] = {
      {"order", to_one, "Order", "order_id"},
      {"claim_order", to_one, "ClaimOrder", "claim_order_id"},
      {"cart", to_one, "Cart", "cart_id"},
      {"swap", to_one, "Swap", "swap_id"},
      {"return_order", to_one, "Return", "return_id"},
      {"shipping_option", to_one, "ShippingOption", "shipping_option_id"},
      {"tax_lines", to_many, "ShippingMethodTaxLine", "shipping_method_id"},
  };
};

struct ShippingMethodTaxLine {
  static constexpr std::string_view name = "ShippingMethodTaxLine";
  static constexpr Column columns[] = {
      {"id", text},   {"created_at", timestamp}, {"updated_at", timestamp},    {"rate", number},
      {"name", text}, {"code", text, nullable},  {"metadata", json, nullable}, {"shipping_method_id", text},
  };
  static constexpr Relation relations[] = {
      {"shipping_method", to_one, "ShippingMethod", "shipping_method_id"},
  };
};

struct CustomShippingOption {
  static constexpr std::string_view name = "CustomShippingOption";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"price", integer},
      {"shipping_option_id", text},
      {"cart_id", text, nullable},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"shipping_option", to_one, "ShippingOption", "shipping_option_id"},
      {"cart", to_one, "Cart", "cart_id"},
  };
};

} // namespace commerce::table
