#include "commerce/pricing/price_list_edit.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "commerce/pricing/places.hpp"
#include "db/batch.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::pricing {

using base::Error;
using base::Json;
using Ids = std::vector<std::string>;

namespace {

void lock(ports::Call& call, std::string_view list) {
  static const db::Statement statement("SELECT 1 FROM price_list WHERE id = $1 AND deleted_at IS NULL FOR UPDATE");
  if (call.db().run(statement, db::Params::of(list)).empty())
    throw Error::not_found("Price list with id: " + std::string(list) + " was not found");
}

// The texts of a member of each object.
Ids texts_of(const Json& list, std::string_view name) {
  Ids texts;
  if (list.is_array())
    for (const auto& one : list.as_array())
      if (one[name].is_string()) texts.push_back(one[name].as_string());
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

// The first column of a row, or throws what `missing` says of the id.
int row_of(const db::Result& rows, std::string_view id, Error (*missing)(std::string_view)) {
  for (int row = 0; row < rows.rows(); ++row)
    if (rows.text(row, 0) == id) return row;
  throw missing(id);
}

Error no_region(std::string_view id) { return Error::not_found("Region with " + std::string(id) + " was not found"); }
Error no_variant(std::string_view id) {
  return Error::not_found("Variant with id: " + std::string(id) + " was not found");
}
Error no_price(std::string_view id) { return Error::not_found("Price with id: " + std::string(id) + " was not found"); }
Error no_group(std::string_view id) {
  return Error::not_found("CustomerGroup with id " + std::string(id) + " was not found");
}

// --- prices --------------------------------------------------------------------------------------------------------

constexpr std::string_view kChangeable[]{"currency_code", "region_id", "min_quantity", "max_quantity"};

// A region says in which currency its prices are.
Json row_of_price(const Json& price, const db::Result& regions) {
  Json row = base::JsonObject{{"amount", price["amount"]}};
  for (const auto name : kChangeable)
    if (price.has(name)) row.set(name, price[name]);
  if (!price["region_id"].truthy()) return row;
  row.set("currency_code", regions.text(row_of(regions, base::Json(price["region_id"]).as_string(), no_region), 1));
  return row;
}

} // namespace

std::vector<db::Command> erase_prices(std::string_view list) {
  static const db::Statement links("DELETE FROM product_variant_money_amount WHERE money_amount_id IN (SELECT id FROM "
                                   "money_amount WHERE price_list_id = $1)");
  static const db::Statement prices("DELETE FROM money_amount WHERE price_list_id = $1");
  return {{links, db::Params::of(list)}, {prices, db::Params::of(list)}};
}

// There a price of another list, and a variant that is not there, are taken too.
std::vector<db::Command> put_prices(ports::Call& call, std::string_view list, const Json& prices) {
  static const db::Statement regions("SELECT id, currency_code FROM region WHERE id = ANY($1) AND deleted_at IS NULL");
  static const db::Statement variants("SELECT id FROM product_variant WHERE id = ANY($1) AND deleted_at IS NULL");
  static const db::Statement own(
      "SELECT id, currency_code, region_id, min_quantity, max_quantity, (SELECT variant_id FROM "
      "product_variant_money_amount x WHERE x.money_amount_id = m.id LIMIT 1) FROM money_amount m WHERE id = ANY($1) AND "
      "price_list_id = $2 AND deleted_at IS NULL");
  if (!prices.is_array() || !prices.size()) return {};
  db::Batch batch;
  const auto known_regions = batch.add({regions, db::Params::of(texts_of(prices, "region_id"))});
  const auto known_variants = batch.add({variants, db::Params::of(texts_of(prices, "variant_id"))});
  const auto own_prices = batch.add({own, db::Params::of(texts_of(prices, "id"), list)});
  batch.run(call.db());
  base::JsonArray changed, added, links;
  Places places;
  for (const auto& price : prices.as_array()) {
    Json row = row_of_price(price, *known_regions);
    if (price["id"].truthy()) {
      const auto& id = price["id"].as_string();
      const int at = row_of(*own_prices, id, no_price);
      for (int column = 1; column <= 4; ++column)
        if (const auto name = kChangeable[column - 1]; !row.has(name)) {
          if (column <= 2)
            row.set(name, own_prices->optional_text(at, column));
          else
            row.set(name, own_prices->optional_integer(at, column));
        }
      places.take(row, own_prices->text(at, 5));
      row.set("id", id);
      changed.push_back(std::move(row));
      continue;
    }
    const auto& variant = price["variant_id"].as_string();
    row_of(*known_variants, variant, no_variant);
    places.take(row, variant);
    const auto id = base::make_id("ma");
    row.set("id", id);
    row.set("price_list_id", list);
    added.push_back(std::move(row));
    links.push_back(base::JsonObject{{"money_amount_id", id}, {"variant_id", variant}});
  }
  static const auto& amounts = schema::get("MoneyAmount");
  std::vector<db::Command> writes;
  if (!changed.empty()) writes.push_back(query::update_each(amounts, changed));
  if (added.empty()) return writes;
  writes.push_back(query::insert(amounts, added));
  writes.push_back(query::insert(schema::get("ProductVariantMoneyAmount"), links));
  return writes;
}

void clear_prices(ports::Call& call, std::string_view list) {
  lock(call, list);
  for (auto& write : erase_prices(list)) call.write_last(std::move(write));
}

// --- groups --------------------------------------------------------------------------------------------------------

// Medusa 1.20: PriceListService.upsertCustomerGroups_
std::vector<db::Command> put_groups(ports::Call& call, std::string_view list, const Json& groups, List is) {
  static const db::Statement known("SELECT id FROM customer_group WHERE id = ANY($1) AND deleted_at IS NULL");
  static const db::Statement others(
      "DELETE FROM price_list_customer_groups WHERE price_list_id = $1 AND customer_group_id <> ALL($2)");
  if (!groups.is_array()) return {};
  const Ids ids = texts_of(groups, "id");
  const auto found = call.db().run(known, db::Params::of(ids));
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& id : ids) {
    row_of(found, id, no_group);
    pairs.emplace_back(list, id);
  }
  std::vector<db::Command> writes;
  if (is == List::changed) writes.push_back({others, db::Params::of(list, ids)});
  if (!pairs.empty())
    writes.push_back(query::link("price_list_customer_groups", "price_list_id", "customer_group_id", pairs));
  return writes;
}

// --- prices away ---------------------------------------------------------------------------------------------------

namespace {

Ids first_column(const db::Result& rows) {
  Ids ids;
  for (int row = 0; row < rows.rows(); ++row) ids.emplace_back(rows.text(row, 0));
  return ids;
}

} // namespace

void remove_prices(ports::Call& call, std::string_view list, const Ids& ids) {
  static const db::Statement erase(
      "WITH gone AS (DELETE FROM money_amount WHERE price_list_id = $1 AND id = ANY($2) RETURNING id) DELETE FROM "
      "product_variant_money_amount WHERE money_amount_id IN (SELECT id FROM gone)");
  call.atomic([&] {
    lock(call, list);
    call.write_last({erase, db::Params::of(list, ids)});
  });
}

Ids remove_prices_of_products(ports::Call& call, std::string_view list, const Ids& products) {
  static const db::Statement erase(
      "WITH gone AS (DELETE FROM money_amount WHERE price_list_id = $1 AND id IN (SELECT x.money_amount_id FROM "
      "product_variant v JOIN product_variant_money_amount x ON x.variant_id = v.id WHERE v.product_id = ANY($2)) RETURNING "
      "id), links AS (DELETE FROM product_variant_money_amount WHERE money_amount_id IN (SELECT id FROM gone)) "
      "SELECT id FROM gone");
  return first_column(call.db().run(erase, db::Params::of(list, products)));
}

Ids remove_prices_of_variant(ports::Call& call, std::string_view list, std::string_view variant) {
  static const db::Statement erase(
      "WITH gone AS (DELETE FROM money_amount WHERE price_list_id = $1 AND id IN (SELECT money_amount_id FROM "
      "product_variant_money_amount WHERE variant_id = $2) RETURNING id), links AS (DELETE FROM product_variant_money_amount "
      "WHERE money_amount_id IN (SELECT id FROM gone)) SELECT id FROM gone");
  return first_column(call.db().run(erase, db::Params::of(list, variant)));
}

} // namespace commerce::pricing
