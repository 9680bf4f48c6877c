// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct TaxRate {
  static constexpr std::string_view name = "TaxRate";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"rate", number, nullable},
      {"code", text, nullable},
      {"name", text},
      {"region_id", text},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"region", to_one, "Region", "region_id"},
      {"products", many_to_many, "Product", "rate_id", "product_id", "product_tax_rate"},
      {"product_types", many_to_many, "ProductType", "rate_id", "product_type_id", "product_type_tax_rate"},
      {"shipping_options", many_to_many, "ShippingOption", "rate_id", "shipping_option_id", "shipping_tax_rate"},
  };
};

struct TaxProvider {
  static constexpr std::string_view name = "TaxProvider";
  static constexpr Column columns[] = {
      {"id", text},
      {"is_installed", boolean},
  };
};

struct ProductTaxRate {
  static constexpr std::string_view name = "ProductTaxRate";
  static constexpr Column columns[] = {
      {"product_id", text},         {"rate_id", text}, {"created_at", timestamp}, {"updated_at", timestamp},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"product", to_one, "Product", "product_id"},
      {"tax_rate", to_one, "TaxRate", "rate_id"},
  };
};

struct ProductTypeTaxRate {
  static constexpr std::string_view name = "ProductTypeTaxRate";
  static constexpr Column columns[] = {
      {"product_type_id", text},    {"rate_id", text}, {"created_at", timestamp}, {"updated_at", timestamp},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"product_type", to_one, "ProductType", "product_type_id"},
      {"tax_rate", to_one, "TaxRate", "rate_id"},
  };
};

struct ShippingTaxRate {
  static constexpr std::string_view name = "ShippingTaxRate";
  static constexpr Column columns[] = {
      {"shipping_option_id", text}, {"rate_id", text}, {"created_at", timestamp}, {"updated_at", timestamp},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"shipping_option", to_one, "ShippingOption", "shipping_option_id"},
      {"tax_rate", to_one, "TaxRate", "rate_id"},
  };
};

} // namespace commerce::table
