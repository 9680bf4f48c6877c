// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct MoneyAmount {
  static constexpr std::string_view name = "MoneyAmount";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"currency_code", text},
      {"amount", integer},
      {"min_quantity", integer, nullable},
      {"max_quantity", integer, nullable},
      {"price_list_id", text, nullable},
      {"region_id", text, nullable},
  };
  static constexpr Relation relations[] = {
      {"currency", to_one, "Currency", "currency_code", "code"},
      {"price_list", to_one, "PriceList", "price_list_id"},
      {"variants", many_to_many, "ProductVariant", "money_amount_id", "variant_id", "product_variant_money_amount"},
      {"region", to_one, "Region", "region_id"},
  };
};

struct PriceList {
  static constexpr std::string_view name = "PriceList";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"name", text},
      {"description", text},
      {"type", enumeration},
      {"status", enumeration},
      {"starts_at", timestamp, nullable},
      {"ends_at", timestamp, nullable},
      {"includes_tax", boolean, required, always, Flag::tax_inclusive_pricing},
  };
  static constexpr Relation relations[] = {
      {"customer_groups", many_to_many, "CustomerGroup", "price_list_id", "customer_group_id",
       "price_list_customer_groups"},
      {"prices", to_many, "MoneyAmount", "price_list_id"},
  };
};

struct ProductVariantMoneyAmount {
  static constexpr std::string_view name = "ProductVariantMoneyAmount";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"money_amount_id", text},
      {"variant_id", text},
  };
};

struct Currency {
  static constexpr std::string_view name = "Currency";
  static constexpr Column columns[] = {
      {"code", text},
      {"symbol", text},
      {"symbol_native", text},
      {"name", text},
      {"includes_tax", boolean, required, always, Flag::tax_inclusive_pricing},
  };
};

} // namespace commerce::table
