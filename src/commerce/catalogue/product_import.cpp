#include "commerce/catalogue/product_import.hpp"
#include "base/error.hpp"
#include "commerce/catalogue/product_changes.hpp"
#include "commerce/catalogue/product_edit.hpp"
#include "commerce/catalogue/variant_changes.hpp"
#include <algorithm>

namespace commerce::catalogue {
namespace {

using base::Error;
using base::Json;

// The variant's values in the order of the product's options, by which a new product knows them.
Json in_order(const Json& variant, const base::JsonArray& titles) {
  Json values = Json::array();
  for (const auto& title : titles)
    for (const auto& value : list_of(variant["options"]))
      if (value["title"] == title["title"]) values.push_back(base::JsonObject{{"value", value["value"]}});
  Json ordered = variant;
  ordered.set("options", std::move(values));
  return ordered;
}

void make(ports::Call& call, const ImportedProduct& product) {
  Json body = product.body, variants = Json::array();
  for (const auto& variant : product.variants) variants.push_back(in_order(variant, list_of(body["options"])));
  body.set("variants", std::move(variants));
  if (!body["title"].truthy()) throw Error::invalid_data("Product Title must not be empty");
  // 1.20 gives the default channel to products of its route only.
  call.db().batch(make_product(call, std::move(body), Unnamed::stays_without).writes);
}

// The variant with the ids of its options in place of their titles.
Json with_option_ids(Json variant, const query::RowOf<table::Product>& product) {
  Json values = Json::array();
  for (const auto& value : list_of(variant["options"])) {
    const auto options = product.many<table::ProductOption>("options");
    const auto option = std::find_if(options.begin(), options.end(),
                                     [&](const auto& one) { return one.text("title") == value["title"].as_string(); });
    if (option == options.end()) throw Error::not_found("The product has no option " + value["title"].as_string());
    values.push_back(base::JsonObject{{"option_id", option->id()}, {"value", value["value"]}});
  }
  variant.set("options", std::move(values));
  return variant;
}

void put_variants(VariantChanges& changes, const query::RowOf<table::Product>& product,
                  const base::JsonArray& variants) {
  base::JsonArray added;
  for (const auto& wish : variants) {
    Json variant = with_option_ids(wish, product);
    if (!variant["id"].truthy()) {
      variant.set("variant_rank", changes.next_rank() + added.size());
      added.push_back(std::move(variant));
      continue;
    }
    const auto id = variant["id"].as_string();
    if (!changes.has(id)) throw Error::not_found("Variant with id: " + id + " was not found");
    changes.update(id, variant, Json::object(), told_of(variant, {}));
  }
  changes.create(added);
}

void change(ports::Call& call, const ImportedProduct& product) {
  const Json body = product.body.is_undefined() ? Json::object() : product.body;
  ProductParts parts(body, product.id);
  auto batch = locks_of_product(product.id, Variants::changed);
  const auto named = parts.look_up(batch);
  const auto regions = batch.add(VariantPrices::regions_of(product.variants));
  const auto locked = lock_product(call, product.id, Variants::changed, batch);
  parts.found(*named);
  std::vector<db::Command> writes;
  if (!product.body.is_undefined()) writes = change_product(call, locked.row(), body, parts);
  VariantChanges changes(call, locked.row());
  changes.prices().know_regions(*regions);
  put_variants(changes, locked.row(), product.variants);
  append(writes, changes.writes());
  call.db().batch(std::move(writes));
}

} // namespace

void import_product(ports::Call& call, const ImportedProduct& product) {
  if (product.id.empty())
    make(call, product);
  else
    change(call, product);
}

} // namespace commerce::catalogue
