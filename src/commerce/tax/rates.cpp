#include "commerce/tax/rates.hpp"
#include "base/json.hpp"
#include "base/time.hpp"

namespace commerce::tax {
namespace {

// Columns behind owner and source, in this order.
constexpr std::string_view kRate = "r.id, r.created_at, r.updated_at, r.rate, r.code, r.name, r.region_id, r.metadata";
enum Column { owner, source, id, created_at, updated_at, rate, code, name, region_id, metadata };

Rate rate_of(const db::Result& rows, int row) {
  Rate r;
  if (!rows.is_null(row, rate)) r.rate = rows.number(row, rate);
  r.name = std::string(rows.text(row, name));
  r.code = rows.optional_text(row, code);
  r.id = std::string(rows.text(row, id));
  base::JsonWriter w(r.row_json);
  const auto time = [&](Column column) {
    w.raw("\"");
    base::append_iso_from_postgres(w.out(), rows.text(row, column));
    w.out() += '"';
  };
  const auto text = [&](Column column) { rows.is_null(row, column) ? w.null() : w.string(rows.text(row, column)); };
  w.open_object().key("id").string(r.id).key("created_at");
  time(created_at);
  w.key("updated_at");
  time(updated_at);
  w.key("rate");
  r.rate ? w.number(*r.rate) : w.null();
  w.key("code");
  text(code);
  w.key("name").string(r.name).key("region_id");
  text(region_id);
  w.key("metadata").raw(rows.is_null(row, metadata) ? "null" : rows.text(row, metadata)).close_object();
  return r;
}

} // namespace

db::Command product_rates(std::string_view region, const std::vector<std::string>& product_ids) {
  static const db::Statement statement("SELECT x.product_id, 'product', " + std::string(kRate) +
                                       " FROM product_tax_rate x JOIN tax_rate r ON r.id = x.rate_id WHERE "
                                       "r.region_id = $1 AND x.product_id = ANY($2) "
                                       "UNION ALL SELECT p.id, 'type', " +
                                       std::string(kRate) +
                                       " FROM product p JOIN product_type_tax_rate x ON x.product_type_id = "
                                       "p.type_id JOIN tax_rate r ON r.id = "
                                       "x.rate_id WHERE r.region_id = $1 AND p.id = ANY($2)");
  return {statement, db::Params::of(region, product_ids)};
}

void add_product_rates(RegionRates& rates, const db::Result& rows) {
  base::StringMap<std::pair<std::vector<Rate>, std::vector<Rate>>> found; // own, of the type
  for (int row = 0; row < rows.rows(); row++) {
    auto& [own, of_type] = found[std::string(rows.text(row, owner))];
    (rows.text(row, source) == "product" ? own : of_type).push_back(rate_of(rows, row));
  }
  for (auto& [product, pair] : found) rates.of_product[product] = unite(std::move(pair.first), pair.second);
}

db::Command shipping_option_rates(const std::vector<std::string>& option_ids) {
  static const db::Statement statement("SELECT x.shipping_option_id, 'option', " + std::string(kRate) +
                                       " FROM shipping_tax_rate x JOIN tax_rate r ON r.id = x.rate_id WHERE "
                                       "x.shipping_option_id = ANY($1)");
  return {statement, db::Params::of(option_ids)};
}

void add_shipping_option_rates(RegionRates& rates, const db::Result& rows) {
  for (int row = 0; row < rows.rows(); row++)
    rates.of_shipping_option[std::string(rows.text(row, owner))].push_back(rate_of(rows, row));
}

std::vector<db::Command> rates_of_cart(std::string_view cart_id) {
  static const std::string in_cart = "(SELECT v.product_id FROM line_item i JOIN product_variant v ON v.id = "
                                     "i.variant_id WHERE i.cart_id = $1)",
                           of_region = "r.region_id = (SELECT region_id FROM cart WHERE id = $1)";
  static const db::Statement products("SELECT x.product_id, 'product', " + std::string(kRate) +
                                      " FROM product_tax_rate x JOIN tax_rate r ON r.id = x.rate_id WHERE " +
                                      of_region + " AND x.product_id IN " + in_cart +
                                      " UNION ALL SELECT p.id, 'type', " + std::string(kRate) +
                                      " FROM product p JOIN product_type_tax_rate x ON x.product_type_id = "
                                      "p.type_id JOIN tax_rate r ON r.id = "
                                      "x.rate_id WHERE " +
                                      of_region + " AND p.id IN " + in_cart);
  static const db::Statement options(
      "SELECT x.shipping_option_id, 'option', " + std::string(kRate) +
      " FROM shipping_tax_rate x JOIN tax_rate r ON r.id = x.rate_id WHERE x.shipping_option_id IN "
      "(SELECT shipping_option_id FROM shipping_method WHERE cart_id = $1)");
  return {{products, db::Params::of(cart_id)}, {options, db::Params::of(cart_id)}};
}

} // namespace commerce::tax
