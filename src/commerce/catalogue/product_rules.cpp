#include "commerce/catalogue/product_rules.hpp"
#include "commerce/catalogue/states.hpp"
#include <initializer_list>

namespace commerce::catalogue {
namespace {

using rules::Is;
using rules::Rule;
using rules::Rules;
using enum rules::Presence;
using Rows = std::vector<Rule>;

Rows together(std::initializer_list<Rows> parts) {
  Rows all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Rules price_rules(std::string_view unless) {
  return {.rows = {{.name = "region_id", .either = "currency_code", .unless = unless},
                   {.name = "currency_code", .either = "region_id", .unless = unless},
                   {"amount", Is::integer},
                   {"min_quantity", Is::integer, optional},
                   {"max_quantity", Is::integer, optional}},
          .of = "MoneyAmount"};
}
// A price of a change may be named by its id alone.
Rules changed_price_rules() {
  auto rules = price_rules("id");
  rules.rows.insert(rules.rows.begin(), {"id", Is::string, optional});
  return rules;
}
const Rules kNewPrice = price_rules({}), kChangedPrice = changed_price_rules();

const Rules kValue{{{"value", Is::string}}};
const Rules kValueOfOption{{{"value", Is::string}, {"option_id", Is::string}}};
const Rules kTitle{{{"title", Is::string}}};
const Rules kId{{{"id", Is::string}}};
const Rules kIdAndValue{{{"id", Is::string, optional}, {"value", Is::string}}};

// What variants have in all bodies, in the order of 1.20's sentences.
Rows variant_rows(rules::Presence title, Is stock, rules::Presence prices, const Rules& price, const Rules& option) {
  return {{"title", Is::string, title},
          {"sku", Is::string_or_none, optional},
          {"ean", Is::string_or_none, optional},
          {"upc", Is::string_or_none, optional},
          {"barcode", Is::string_or_none, optional},
          {"hs_code", Is::string, optional},
          {"inventory_quantity", stock, optional},
          {"allow_backorder", Is::boolean, optional},
          {"manage_inventory", Is::boolean, optional},
          {"weight", Is::number, optional},
          {"length", Is::number, optional},
          {"height", Is::number, optional},
          {"width", Is::number, optional},
          {"origin_country", Is::string, optional},
          {"mid_code", Is::string, optional},
          {"material", Is::string, optional},
          {"metadata", Is::object, optional},
          {"prices", Is::array, prices, &price},
          {"options", Is::array, optional, &option}};
}

Rules of_variant(Rows rows) { return {.rows = std::move(rows), .of = "ProductVariant"}; }
Rules of_product(Rows rows) { return {.rows = std::move(rows), .of = "Product"}; }

const Rules kVariantOfNewProduct = of_variant(variant_rows(required, Is::number, required, kNewPrice, kValue));
const Rules kVariantOfProduct = of_variant(together(
    {{{"id", Is::string, optional}}, variant_rows(optional, Is::integer, optional, kChangedPrice, kValueOfOption)}));

// What products have in both bodies.
Rows product_lists() {
  return {{"type", Is::nested, optional, &kIdAndValue},
          {"collection_id", Is::string, optional},
          {"tags", Is::array, optional, &kIdAndValue}};
}
Rows product_measures() {
  return {
      {"weight", Is::number, optional},   {"length", Is::number, optional},   {"height", Is::number, optional},
      {"width", Is::number, optional},    {"hs_code", Is::string, optional},  {"origin_country", Is::string, optional},
      {"mid_code", Is::string, optional}, {"material", Is::string, optional}, {"metadata", Is::object, optional}};
}
Rule status(rules::Presence presence) {
  return {"status", Is::enumeration, presence, nullptr, values_of(kProductStatuses)};
}
// Looked at while channels are on only.
Rule channels() {
  return {.name = "sales_channels",
          .is = Is::array,
          .presence = optional,
          .nested = &kId,
          .flag = schema::Flag::sales_channels};
}

} // namespace

const Rules kNewProduct = of_product(together({{{"title", Is::string},
                                                {"subtitle", Is::string, optional},
                                                {"description", Is::string, optional},
                                                {"is_giftcard", Is::boolean, defaulted},
                                                {"discountable", Is::boolean, defaulted},
                                                {"images", Is::array, optional},
                                                {"thumbnail", Is::string, optional},
                                                {"handle", Is::string, optional},
                                                status(optional)},
                                               product_lists(),
                                               {{"categories", Is::array, optional, &kId},
                                                {"options", Is::array, optional, &kTitle},
                                                {"variants", Is::array, optional, &kVariantOfNewProduct}},
                                               product_measures(),
                                               {channels()}}));

const Rules kProductChange = of_product(
    together({{{"title", Is::string, optional},
               {"subtitle", Is::string, optional},
               {"description", Is::string, optional},
               {"discountable", Is::boolean, optional},
               {"images", Is::array, optional},
               {"thumbnail", Is::string, optional},
               {"handle", Is::string, optional},
               status(not_null)},
              product_lists(),
              {{"categories", Is::array, optional, &kId}, {"variants", Is::array, optional, &kVariantOfProduct}},
              product_measures(),
              {channels()}}));

const Rules kNewVariant = of_variant(variant_rows(required, Is::number, required, kNewPrice, kValueOfOption));
const Rules kVariantChange = of_variant(variant_rows(optional, Is::number, optional, kChangedPrice, kValueOfOption));
const Rules kOptionTitle{kTitle};
const Rules kProductMetadata{{{"key", Is::string}, {"value", Is::string}}};

} // namespace commerce::catalogue
