#include "commerce/catalogue/product_edit.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/kebab_case.hpp"
#include "base/metadata.hpp"
#include "commerce/catalogue/product_changes.hpp"
#include "commerce/catalogue/variant_changes.hpp"
#include "db/batch.hpp"
#include "query/write.hpp"

namespace commerce::catalogue {
namespace {

using base::Error;
using base::Json;

const schema::Entity& product_entity() {
  static const auto& entity = schema::get("Product");
  return entity;
}

// The body's members that are the product's own columns.
Json own_columns(const Json& body) {
  Json columns = Json::object();
  for (const auto& [name, value] : body.as_object())
    if (product_entity().column(name)) columns.set(name, value);
  return columns;
}

// --- creation ------------------------------------------------------------------------------------------------------

// What a new product hangs on unasked: the shipping profile, and the shop's default sales channel.
db::Command look_for_profile(bool is_giftcard) {
  static const db::Statement statement(
      "SELECT id FROM shipping_profile WHERE type::text = $1 AND deleted_at IS NULL ORDER BY created_at LIMIT 1");
  return {statement, db::Params::of(is_giftcard ? "gift_card" : "default")};
}
db::Command look_for_default_channel() {
  static const db::Statement statement(
      "SELECT id FROM sales_channel WHERE id = (SELECT default_sales_channel_id FROM store LIMIT 1) AND deleted_at IS NULL");
  return {statement};
}

std::string only_id(const db::Result& rows, const char* not_found) {
  if (rows.empty()) throw Error::not_found(not_found);
  return std::string(rows.text(0, 0));
}

// The bodies of the variants, with the ids of the options that their values stand beside.
base::JsonArray with_options(base::JsonArray variants, const base::JsonArray& titles,
                             const std::vector<Option>& options) {
  std::size_t rank = 0;
  for (auto& variant : variants) {
    Json values = Json::array();
    std::size_t index = 0;
    for (auto value : list_of(variant["options"])) {
      // Quirk: of two options with one title the first one counts. A value too many has no option, and is refused later.
      if (index < titles.size())
        for (const auto& option : options)
          if (!value.has("option_id") && option.title == titles[index]["title"].as_string())
            value.set("option_id", option.id);
      values.push_back(std::move(value));
      ++index;
    }
    variant.set("options", std::move(values));
    variant.set("variant_rank", rank++);
  }
  return variants;
}

} // namespace

NewProduct make_product(ports::Call& call, Json body, Unnamed channel) {
  const bool is_giftcard = body["is_giftcard"].truthy();
  const bool default_channel = channel == Unnamed::becomes_default && call.on(schema::Flag::sales_channels) &&
                               list_of(body["sales_channels"]).empty();
  const auto variants = list_of(body["variants"]), titles = list_of(body["options"]);
  // 1. Look for what the product will hang on.
  ProductParts parts(body);
  db::Batch batch;
  const auto named = parts.look_up(batch);
  const auto profiles = batch.add(look_for_profile(is_giftcard));
  const auto regions = batch.add(VariantPrices::regions_of(variants));
  db::Batch::Slot store_channel;
  if (default_channel) store_channel = batch.add(look_for_default_channel());
  batch.run(call.db());
  parts.found(*named);
  const auto profile = only_id(*profiles, "The default shipping profile was not found");
  std::vector<std::string> channels;
  if (store_channel) channels.push_back(only_id(*store_channel, "Default Sales channel was not found"));
  // 2. The product itself.
  const auto id = base::make_id(product_entity().prefix);
  Json row = base::spread(base::JsonObject{{"is_giftcard", false}, {"discountable", true}, {"status", "draft"}},
                          own_columns(body));
  row.set("id", id);
  if (is_giftcard) row.set("discountable", false);
  if (!row["handle"].truthy()) row.set("handle", base::kebab_case(body["title"].as_string()));
  if (!row["thumbnail"].truthy() && parts.first_image()) row.set("thumbnail", *parts.first_image());
  if (!parts.type_id().is_undefined()) row.set("type_id", parts.type_id());
  // 3. Its options and variants.
  base::JsonArray options;
  std::vector<Option> known;
  for (const auto& option : titles) {
    known.push_back({base::make_id("opt"), option["title"].as_string()});
    options.push_back(base::JsonObject{{"id", known.back().id}, {"title", option["title"]}, {"product_id", id}});
  }
  call.emit("product.created", base::JsonObject{{"id", id}});
  VariantChanges changes(call, id, known);
  changes.prices().know_regions(*regions);
  changes.create(with_options(variants, titles, known));
  // 4. Write all of it.
  auto writes = parts.made();
  writes.push_back(query::insert(product_entity(), row));
  append(writes, parts.links(id));
  for (const auto& channel : channels)
    writes.push_back(query::link("product_sales_channel", "product_id", "sales_channel_id", {{id, channel}}));
  writes.push_back(query::link("product_shipping_profile", "product_id", "profile_id", {{id, profile}}));
  if (!options.empty()) writes.push_back(query::insert(schema::get("ProductOption"), options));
  append(writes, changes.writes());
  return {id, std::move(writes)};
}

std::vector<db::Command> change_product(ports::Call& call, const query::RowOf<table::Product>& product,
                                        const Json& body, ProductParts& parts) {
  Json changes = own_columns(body);
  changes.erase("metadata");
  if (body["metadata"].truthy())
    changes.set("metadata", base::merge_metadata(product.json("metadata"), body["metadata"]));
  if (product.text("thumbnail").empty() && !body["thumbnail"].truthy() && parts.first_image())
    changes.set("thumbnail", *parts.first_image());
  if (!parts.type_id().is_undefined()) changes.set("type_id", parts.type_id());
  const auto before = query::row_value(product);
  for (const auto& [name, value] : base::JsonObject(changes.as_object()))
    if (base::same_value(value, before[name])) changes.erase(name);
  auto writes = parts.made();
  if (changes.size()) writes.push_back(query::update(product_entity(), product.id(), changes));
  append(writes, parts.links(product.id()));
  Json fields = Json::array();
  for (const auto& [name, value] : body.as_object())
    if (name != "variants") fields.push_back(name);
  call.emit("product.updated", base::JsonObject{{"id", product.id()}, {"fields", std::move(fields)}});
  return writes;
}

} // namespace commerce::catalogue
