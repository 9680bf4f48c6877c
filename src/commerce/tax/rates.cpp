#include "commerce/tax/rates.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "db/kept_rows.hpp"

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

db::Batch::Slot ask_product_rates(db::Batch& batch, std::vector<std::string> product_ids) {
  static const db::Kept question{
      db::Statement("SELECT x.product_id, 'product', " + std::string(kRate) +
                    " FROM product_tax_rate x JOIN tax_rate r ON r.id = x.rate_id WHERE x.product_id = ANY($1) "
                    "UNION ALL SELECT p.id, 'type', " +
                    std::string(kRate) +
                    " FROM product p JOIN product_type_tax_rate x ON x.product_type_id = p.type_id JOIN tax_rate r ON "
                    "r.id = x.rate_id WHERE p.id = ANY($1)"),
      owner,
      {{"product_tax_rate", "product_id"}, {"product", "id"}, {"product_type_tax_rate", ""}, {"tax_rate", ""}}};
  return batch.add(question, std::move(product_ids));
}

void add_product_rates(RegionRates& rates, const db::Result& rows) {
  base::StringMap<std::pair<std::vector<Rate>, std::vector<Rate>>> found; // own, of the type
  for (int row = 0; row < rows.rows(); row++) {
    if (rows.text(row, region_id) != rates.region_id) continue;
    auto& [own, of_type] = found[std::string(rows.text(row, owner))];
    (rows.text(row, source) == "product" ? own : of_type).push_back(rate_of(rows, row));
  }
  for (auto& [product, pair] : found) rates.of_product[product] = unite(std::move(pair.first), pair.second);
}

db::Batch::Slot ask_shipping_option_rates(db::Batch& batch, std::vector<std::string> option_ids) {
  static const db::Kept question{db::Statement("SELECT x.shipping_option_id, 'option', " + std::string(kRate) +
                                               " FROM shipping_tax_rate x JOIN tax_rate r ON r.id = x.rate_id WHERE "
                                               "x.shipping_option_id = ANY($1)"),
                                 owner,
                                 {{"shipping_tax_rate", "shipping_option_id"}, {"tax_rate", ""}}};
  return batch.add(question, std::move(option_ids));
}

void add_shipping_option_rates(RegionRates& rates, const db::Result& rows) {
  for (int row = 0; row < rows.rows(); row++)
    rates.of_shipping_option[std::string(rows.text(row, owner))].push_back(rate_of(rows, row));
}

std::optional<RegionFacts> region_facts(const db::Result& found) {
  if (found.empty() || !found.is_null(0, 4)) return std::nullopt;
  return RegionFacts{std::string(found.text(0, 0)), std::string(found.text(0, 1)), found.boolean(0, 2),
                     found.number(0, 3)};
}

db::Batch::Slot ask_regions(db::Batch& batch, std::vector<std::string> region_ids) {
  static const db::Kept question{
      db::Statement("SELECT id, currency_code, automatic_taxes, tax_rate, deleted_at FROM region WHERE "
                    "id = ANY($1)"),
      0,
      {{"region", "id"}}};
  return batch.add(question, std::move(region_ids));
}

} // namespace commerce::tax
