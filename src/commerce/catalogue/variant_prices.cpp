#include "commerce/catalogue/variant_prices.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "commerce/pricing/places.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::catalogue {
namespace {

using base::Json;

// What a body may leave out is null in the row.
Json or_null(const Json& value) { return value.is_undefined() ? Json(nullptr) : value; }

void refuse_other_than_text(const Json& price, std::string_view name) {
  if (price[name].truthy() && !price[name].is_string())
    throw base::Error::invalid_data(std::string(name) + " must be a string");
}

// Medusa 1.20: a price is that of a region, or of a currency without one. A price's id goes first.
bool is_the_same(const Json& row, const Json& wish, const Json& id) {
  if (id.is_string()) return row["id"] == id;
  return row["region_id"] == wish["region_id"] &&
         (!wish["region_id"].is_null() || row["currency_code"] == wish["currency_code"]);
}

} // namespace

db::Command VariantPrices::regions_of(const base::JsonArray& variants) {
  static const db::Statement statement(
      "SELECT id, currency_code FROM region WHERE id = ANY($1) AND deleted_at IS NULL");
  std::vector<std::string> ids;
  for (const auto& variant : variants)
    if (variant["prices"].is_array())
      for (const auto& price : variant["prices"].as_array())
        if (price["region_id"].is_string()) ids.push_back(price["region_id"].as_string());
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return {statement, db::Params::of(ids)};
}

void VariantPrices::know_regions(const db::Result& rows) {
  for (int row = 0; row < rows.rows(); ++row) currencies_.emplace(rows.text(row, 0), rows.text(row, 1));
}

void VariantPrices::know(std::string_view variant_id, const std::vector<query::RowOf<table::MoneyAmount>>& prices) {
  auto& known = known_[std::string(variant_id)];
  for (const auto& price : prices) known.push_back({std::string(variant_id), query::row_value(price)});
}

Json VariantPrices::wanted(const Json& price) const {
  refuse_other_than_text(price, "region_id");
  refuse_other_than_text(price, "currency_code");
  if (price["region_id"].truthy()) {
    const auto& id = price["region_id"].as_string();
    const auto currency = currencies_.find(id);
    if (currency == currencies_.end()) throw base::Error::not_found("Region with " + id + " was not found");
    // Quirk: quantities of a region's price are forgotten.
    return base::JsonObject{{"currency_code", currency->second},
                            {"amount", price["amount"]},
                            {"min_quantity", nullptr},
                            {"max_quantity", nullptr},
                            {"region_id", id}};
  }
  Json currency(nullptr);
  if (price["currency_code"].truthy()) currency = base::lower(price["currency_code"].as_string());
  return base::JsonObject{{"currency_code", currency},
                          {"amount", price["amount"]},
                          {"min_quantity", or_null(price["min_quantity"])},
                          {"max_quantity", or_null(price["max_quantity"])},
                          {"region_id", nullptr}};
}

void VariantPrices::replace(std::string_view variant_id, const base::JsonArray& prices) {
  auto& known = known_[std::string(variant_id)];
  const auto wishes = [&] { return added_.size() + changed_.size() + removed_.size(); };
  const auto before = wishes();
  pricing::Places places;
  for (const auto& price : prices) {
    Json wish = wanted(price);
    auto at = known.end();
    for (const Json& id : {price["id"], Json()})
      if (at == known.end() && (id.is_string() || !wish["currency_code"].is_null()))
        at = std::find_if(known.begin(), known.end(),
                          [&](const Price& one) { return !one.kept && is_the_same(one.row, wish, id); });
    if (at == known.end()) {
      if (wish["currency_code"].is_null())
        throw base::Error::not_found("Price with id: " + price["id"].as_string() + " was not found");
      places.take(wish);
      const auto id = base::make_id("ma");
      wish.set("id", id);
      added_.push_back(std::move(wish));
      links_.push_back(base::JsonObject{{"money_amount_id", id}, {"variant_id", variant_id}});
      continue;
    }
    at->kept = true;
    // A price that is named by its id alone stays where it is.
    if (wish["currency_code"].is_null())
      for (const auto* name : {"currency_code", "region_id"}) wish.set(name, at->row[name]);
    places.take(wish);
    bool differs = false;
    for (const auto& [name, value] : wish.as_object()) differs = differs || !(at->row[name] == value);
    if (!differs) continue;
    wish.set("id", at->row["id"]);
    changed_.push_back(std::move(wish));
  }
  for (const auto& price : known)
    if (!price.kept) removed_.push_back(price.row["id"].as_string());
  if (wishes() != before) variants_.emplace_back(variant_id);
}

std::vector<db::Command> VariantPrices::writes() {
  static const auto& amounts = schema::get("MoneyAmount");
  static const auto& links = schema::get("ProductVariantMoneyAmount");
  std::vector<db::Command> writes;
  if (!removed_.empty()) {
    writes.push_back(query::erase_where(links, "money_amount_id", removed_));
    writes.push_back(query::erase_where(amounts, "id", removed_));
  }
  if (!changed_.empty()) writes.push_back(query::update_each(amounts, changed_));
  if (!added_.empty()) {
    writes.push_back(query::insert(amounts, added_));
    writes.push_back(query::insert(links, links_));
  }
  return writes;
}

} // namespace commerce::catalogue
