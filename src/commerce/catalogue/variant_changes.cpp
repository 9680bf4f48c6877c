#include "commerce/catalogue/variant_changes.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/metadata.hpp"
#include "commerce/catalogue/product_changes.hpp"
#include "commerce/pricing/service.hpp"
#include "config/config.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <map>

namespace commerce::catalogue {
namespace {

using base::Error;
using base::Json;

const schema::Entity& variant_entity() {
  static const auto& entity = schema::get("ProductVariant");
  return entity;
}

template<class Table> base::JsonArray values_of(const std::vector<query::RowOf<Table>>& rows) {
  base::JsonArray values;
  for (const auto& row : rows) values.push_back(query::row_value(row));
  return values;
}

// The body's members that are columns; options, prices and the id are none of them.
base::JsonObject columns_of(const Json& body) {
  base::JsonObject columns;
  for (const auto& member : body.as_object())
    if (member.name != "id" && variant_entity().column(member.name)) columns.push_back(member);
  return columns;
}

Error twin(const Json& variant) {
  return Error::invalid_data("Variant with title " + variant["title"].as_string() +
                             " with provided options already exists");
}

std::vector<db::Command> remove_variants(const std::vector<std::string>& ids) {
  static const db::Statement prices(
      "UPDATE money_amount SET deleted_at = now() WHERE deleted_at IS NULL AND id IN (SELECT money_amount_id FROM "
      "product_variant_money_amount WHERE variant_id = ANY($1))");
  static const db::Statement values(
      "UPDATE product_option_value SET deleted_at = now() WHERE variant_id = ANY($1) AND deleted_at IS NULL");
  static const db::Statement items(
      "UPDATE product_variant_inventory_item SET deleted_at = now() WHERE variant_id = ANY($1) AND deleted_at IS NULL");
  return {{prices, db::Params::of(ids)},
          {values, db::Params::of(ids)},
          {items, db::Params::of(ids)},
          query::remove(variant_entity(), ids)};
}

} // namespace

VariantChanges::VariantChanges(ports::Call& call, std::string product_id, std::vector<Option> options)
    : call_(call), product_id_(std::move(product_id)), options_(std::move(options)) {}

VariantChanges::VariantChanges(ports::Call& call, const query::RowOf<table::Product>& product)
    : call_(call), product_id_(product.id()) {
  for (const auto& option : product.many<table::ProductOption>("options"))
    options_.push_back({option.str("id"), option.str("title")});
  const auto variants = product.many<table::ProductVariant>("variants");
  variants_ = Rows("ProductVariant", values_of(variants));
  base::JsonArray values;
  for (const auto& variant : variants) {
    auto& chosen = chosen_[variant.str("id")];
    for (const auto& value : variant.many<table::ProductOptionValue>("options")) {
      chosen.push_back({value.str("id"), value.str("option_id"), value.str("value")});
      values.push_back(query::row_value(value));
    }
    prices_.know(variant.id(), variant.many<table::MoneyAmount>("prices"));
  }
  values_ = Rows("ProductOptionValue", std::move(values));
}

void VariantChanges::add_relations(query::Selection& product) {
  product.with("options");
  auto& variants = product.with("variants");
  variants.with("options");
  variants.with("prices");
  variants.child("prices")->where = "t.price_list_id IS NULL";
  product.child("variants")->order_by = "t.variant_rank ASC";
}

db::Command VariantChanges::lock(std::string_view product_id) {
  static const db::Statement statement(
      "SELECT id FROM product_variant WHERE product_id = $1 AND deleted_at IS NULL ORDER BY id FOR UPDATE");
  return {statement, db::Params::of(product_id)};
}

std::vector<std::string> VariantChanges::ids() const {
  std::vector<std::string> ids;
  for (const auto& variant : variants_.all()) ids.push_back(variant["id"].as_string());
  return ids;
}

void VariantChanges::remove(const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    const auto& variant = *variants_.find(id);
    call_.emit("product-variant.deleted",
               base::JsonObject{{"id", id}, {"product_id", product_id_}, {"metadata", variant["metadata"]}});
    variants_.forget(id);
    chosen_.erase(id);
    removed_.push_back(id);
  }
}

void VariantChanges::choose(std::string_view variant_id, const Json& option) {
  for (auto& value : chosen_[std::string(variant_id)])
    if (value.option_id == option["option_id"].as_string()) {
      if (value.value == option["value"].as_string()) return;
      value.value = option["value"].as_string();
      rearranged_.emplace_back(variant_id);
      values_.set(value.id, "value", option["value"]);
      return;
    }
  throw Error::not_found("Product option value not found");
}

void VariantChanges::update(std::string_view id, const Json& body, const Json& extra,
                            const std::vector<std::string>& told) {
  const Json before = *variants_.find(id);
  refuse_stock_below_zero(body, before);
  const auto prices = list_of(body["prices"]), options = list_of(body["options"]);
  if (!prices.empty()) prices_.replace(id, prices); // Quirk: an empty list changes nothing.
  for (const auto& option : options) choose(id, option);
  Json columns = base::spread(columns_of(body), extra);
  if (columns["metadata"].is_object())
    columns.set("metadata", base::merge_metadata(before["metadata"], columns["metadata"]));
  bool differs = false;
  for (const auto& [name, value] : columns.as_object()) {
    if (base::same_value(before[name], value)) continue;
    differs = true;
    variants_.set(id, name, value);
  }
  if (!differs && options.empty() && prices.empty()) return;
  Json fields = Json::array();
  for (const auto& name : told) fields.push_back(name);
  call_.emit("product-variant.updated",
             base::JsonObject{{"id", id}, {"product_id", product_id_}, {"fields", std::move(fields)}});
}

// Medusa 1.20: ProductVariantService.validateVariantsToCreate_
void VariantChanges::refuse(const Json& body) const {
  const auto options = list_of(body["options"]);
  if (options.size() != options_.size())
    throw Error::invalid_data("Product options length does not match variant options length. Product has " +
                              std::to_string(options_.size()) + " and variant has " + std::to_string(options.size()) +
                              ".");
  const auto chosen = [&](const std::string& option_id) -> const Json* {
    const auto at = std::find_if(options.begin(), options.end(),
                                 [&](const Json& option) { return option["option_id"] == Json(option_id); });
    return at == options.end() ? nullptr : &(*at)["value"];
  };
  for (const auto& option : options_)
    if (!chosen(option.id)) throw Error::invalid_data("Variant options do not contain value for " + option.title);
  for (const auto& variant : variants_.all()) {
    const auto& values = chosen_.find(variant["id"].as_string())->second;
    const bool the_same = std::all_of(values.begin(), values.end(), [&](const Value& value) {
      const auto* wanted = chosen(value.option_id);
      return wanted && *wanted == Json(value.value);
    });
    if (the_same) throw twin(variant);
  }
}

// Looked at when all is decided, so that two variants can change their options with each other. 1.20 compares new
// variants with those that are there, and nothing else.
void VariantChanges::refuse_twins() const {
  if (options_.empty()) return;
  std::map<std::map<std::string, std::string>, std::string> seen; // which variant has these values
  const auto is_rearranged = [&](const std::string& id) {
    return std::find(rearranged_.begin(), rearranged_.end(), id) != rearranged_.end();
  };
  for (const auto& variant : variants_.all()) {
    const auto& id = variant["id"].as_string();
    std::map<std::string, std::string> values;
    for (const auto& value : chosen_.find(id)->second) values.emplace(value.option_id, value.value);
    const auto [first, is_new] = seen.emplace(std::move(values), id);
    if (!is_new && is_rearranged(id)) throw twin(*variants_.find(first->second));
    if (!is_new && is_rearranged(first->second)) throw twin(variant);
  }
}

// Stock below zero comes from selling more than was there; it may be sent back as it is, and not be made.
void VariantChanges::refuse_stock_below_zero(const Json& body, const Json& before) {
  const auto& stock = body["inventory_quantity"];
  if (stock.is_number() && stock.as_number() < 0 && !(stock == before["inventory_quantity"]))
    throw Error::invalid_data("inventory_quantity must not be less than 0");
}

void VariantChanges::create(const base::JsonArray& bodies) {
  for (const auto& body : bodies) refuse(body);
  for (const auto& body : bodies) {
    refuse_stock_below_zero(body, {});
    Json row = base::JsonObject{
        {"product_id", product_id_}, {"inventory_quantity", 0}, {"allow_backorder", false}, {"manage_inventory", true}};
    row = base::spread(std::move(row), columns_of(body));
    const auto id = base::make_id(variant_entity().prefix);
    row.set("id", id);
    rearranged_.push_back(id);
    auto& chosen = chosen_[id];
    for (const auto& option : list_of(body["options"])) {
      const auto value = values_.add(
          base::JsonObject{{"value", option["value"]}, {"option_id", option["option_id"]}, {"variant_id", id}});
      chosen.push_back({value, option["option_id"].as_string(), option["value"].as_string()});
    }
    prices_.replace(id, list_of(body["prices"]));
    if (call_.config.inventory() && row["manage_inventory"] == Json(true)) add_inventory_item(row);
    variants_.add(std::move(row));
    call_.emit("product-variant.created", base::JsonObject{{"id", id}, {"product_id", product_id_}});
  }
}

// Medusa 1.20: createVariantsTransaction; with an inventory module each variant whose stock is managed gets an item.
void VariantChanges::add_inventory_item(const Json& variant) {
  const auto id = base::make_id("iitem");
  Json item = base::JsonObject{{"id", id}};
  for (const auto* name :
       {"sku", "origin_country", "hs_code", "mid_code", "material", "weight", "length", "height", "width"})
    item.set(name, variant[name]);
  items_.push_back(std::move(item));
  item_links_.push_back(
      base::JsonObject{{"inventory_item_id", id}, {"variant_id", variant["id"]}, {"required_quantity", 1}});
  call_.emit("inventory-item.created", base::JsonObject{{"id", id}});
}

std::vector<db::Command> VariantChanges::writes() {
  refuse_twins();
  std::vector<db::Command> writes;
  // What is removed goes first: its sku is free for the others.
  if (!removed_.empty()) append(writes, remove_variants(removed_));
  append(writes, variants_.writes());
  append(writes, values_.writes());
  append(writes, prices_.writes());
  pricing::prices_changed(call_, prices_.variants());
  if (!items_.empty()) {
    writes.push_back(query::insert(schema::get("InventoryItem"), items_));
    writes.push_back(query::insert(schema::get("ProductVariantInventoryItem"), item_links_));
  }
  return writes;
}

} // namespace commerce::catalogue
