#include "app/seed.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/json_text.hpp"
#include "base/kebab_case.hpp"
#include "base/strings.hpp"
#include "commerce/user/service.hpp"
#include "commerce/values.hpp"
#include "db/batch.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <set>

namespace app {
namespace {

using base::Json;
using base::JsonArray;

const JsonArray& list(const Json& content, std::string_view key) {
  static const JsonArray none;
  return content[key].is_array() ? content[key].as_array() : none;
}

// A row that leaves these columns out would get null there, as long as another row of the file names them.
struct Default {
  std::string_view entity, column;
  Json value;
};
const Default kDefaults[] = {
    {"Region", "gift_cards_taxable", true},    {"Region", "automatic_taxes", true},
    {"Region", "includes_tax", false},         {"ProductCategory", "description", ""},
    {"ShippingOption", "includes_tax", false},
};

std::string text(const Json& row, std::string_view key) { return base::text_of(row[key]); }

// Collects the rows of all tables and writes each table with one statement.
class Seeder {
 public:
  explicit Seeder(ports::Call& call) : call_(call) {}

  void run(const Json& content) {
    load_existing();
    store(content["store"]);
    for (const auto& user : list(content, "users")) add_user(user);
    for (const auto& region : list(content, "regions")) add_region(region);
    for (const auto& option : list(content, "shipping_options")) add_shipping_option(option);
    std::int64_t rank = 0;
    for (const auto& category : list(content, "categories")) add_category(category, {}, "", rank++);
    for (const auto& collection : list(content, "product_collections")) add_collection(collection);
    for (const auto& product : list(content, "products")) add_product(product);
    for (const auto& key : list(content, "publishable_api_keys")) add_publishable_key(key);
    write();
  }

 private:
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  JsonArray& rows(std::string_view entity) {
    for (auto& [name, table] : tables_)
      if (name == entity) return table;
    return tables_.emplace_back(std::string(entity), JsonArray{}).second;
  }
  // Appends a row, makes its id where missing and returns it.
  std::string add(std::string_view entity, Json row) {
    const auto& described = schema::get(entity);
    for (const auto& usual : kDefaults)
      if (usual.entity == entity && row[usual.column].is_nullish() && call_.on(described.column(usual.column)->flag))
        row.set(usual.column, usual.value);
    if (row[described.key].is_nullish()) row.set(described.key, base::make_id(described.prefix));
    std::string id = row[described.key].as_string();
    rows(entity).push_back(std::move(row));
    return id;
  }

  // The members of `from` that are columns of the entity.
  Json columns_of(const schema::Entity& entity, const Json& from) const {
    Json row = Json::object();
    for (const auto& member : from.as_object()) {
      const auto* column = entity.column(member.name);
      if (column && call_.on(column->flag) && !member.value.is_array()) row.set(member.name, member.value);
    }
    return row;
  }

  void tell(const char* event, const std::string& id) { call_.emit(event, base::JsonObject{{"id", id}}); }

  void load_existing() {
    const db::Statement profiles(
        "SELECT (SELECT id FROM shipping_profile WHERE type = 'default' AND deleted_at IS NULL LIMIT 1), "
        "(SELECT id FROM shipping_profile WHERE type = 'gift_card' AND deleted_at IS NULL LIMIT 1), "
        "s.id, s.default_sales_channel_id FROM store s LIMIT 1");
    const db::Statement values("SELECT 'tag', id, value FROM product_tag UNION ALL SELECT 'type', id, value FROM "
                               "product_type UNION ALL SELECT 'image', id, url FROM image");
    db::Batch batch;
    const auto shop = batch.add(profiles), named = batch.add(values);
    batch.run(call_.db());
    if (shop->empty()) throw base::Error::unexpected_state("The store is missing");
    default_profile_ = shop->text(0, 0);
    gift_card_profile_ = shop->text(0, 1);
    store_ = shop->text(0, 2);
    channel_ = shop->text(0, 3);
    for (int i = 0; i < named->rows(); i++)
      known_[std::string(named->text(i, 0)) + ":" + std::string(named->text(i, 2))] = named->text(i, 1);
  }

  // Medusa 1.20: StoreService.update.
  void store(const Json& given) {
    if (!given.is_object()) return;
    const auto& entity = schema::get("Store");
    Json changes = columns_of(entity, given);
    if (changes["default_currency_code"].is_string())
      changes.set("default_currency_code", base::lower(changes["default_currency_code"].as_string()));
    if (changes.size()) queries_.push_back(query::update(entity, store_, changes));
    Pairs currencies;
    for (const auto& code : list(given, "currencies")) currencies.emplace_back(store_, base::lower(code.as_string()));
    if (currencies.empty()) return;
    queries_.push_back(query::unlink("store_currencies", "store_id", store_));
    queries_.push_back(query::link("store_currencies", "store_id", "currency_code", currencies));
  }

  void add_user(const Json& given) {
    const auto optional = [&](std::string_view key) { return commerce::optional_text(given[key]); };
    commerce::user::create(call_, {.email = text(given, "email"),
                                   .id = optional("id"),
                                   .role = optional("role"),
                                   .first_name = optional("first_name"),
                                   .last_name = optional("last_name"),
                                   .api_token = optional("api_token"),
                                   .password = optional("password"),
                                   .metadata = given["metadata"]});
  }

  // An id without the prefix of regions only names the region within the file.
  void add_region(const Json& given) {
    Json row = columns_of(schema::get("Region"), given);
    const std::string alias = text(given, "id");
    if (!alias.starts_with("reg_")) row.erase("id");
    row.set("currency_code", base::lower(text(given, "currency_code")));
    if (!row["tax_rate"].is_number()) row.set("tax_rate", 0);
    const std::string id = add("Region", std::move(row));
    tell("region.created", id);
    if (!alias.empty()) regions_[alias] = id;
    for (const auto& provider : list(given, "payment_providers")) payment_.emplace_back(id, provider.as_string());
    for (const auto& provider : list(given, "fulfillment_providers"))
      fulfillment_.emplace_back(id, provider.as_string());
    std::set<std::string> countries;
    for (const auto& country : list(given, "countries")) countries.insert(base::lower(country.as_string()));
    country_codes_.insert(country_codes_.end(), countries.begin(), countries.end());
    country_regions_.insert(country_regions_.end(), countries.size(), id);
  }

  void add_shipping_option(const Json& given) {
    Json row = columns_of(schema::get("ShippingOption"), given);
    if (const auto region = regions_.find(text(given, "region_id")); region != regions_.end())
      row.set("region_id", region->second);
    row.set("profile_id", given["is_giftcard"].truthy() ? gift_card_profile_ : default_profile_);
    for (const std::string_view flag : {"is_return", "admin_only"}) row.set(flag, given[flag].truthy());
    const std::string id = add("ShippingOption", std::move(row));
    for (const auto& requirement : list(given, "requirements")) {
      Json r = columns_of(schema::get("ShippingOptionRequirement"), requirement);
      r.set("shipping_option_id", id);
      add("ShippingOptionRequirement", std::move(r));
    }
  }

  void add_category(const Json& given, const Json& parent, const std::string& parent_path, std::int64_t rank) {
    Json row = columns_of(schema::get("ProductCategory"), given);
    if (row["id"].is_nullish()) row.set("id", base::make_id("pcat"));
    const std::string id = row["id"].as_string(), path = parent_path + id + ".";
    if (text(row, "handle").empty()) row.set("handle", base::kebab_case(text(row, "name")));
    row.set("mpath", path);
    row.set("is_active", true);
    row.set("is_internal", given["is_internal"].truthy());
    row.set("parent_category_id", parent.is_string() ? parent : Json(nullptr));
    row.set("rank", rank);
    tell("product-category.created", add("ProductCategory", std::move(row)));
    std::int64_t child_rank = 0;
    for (const auto& child : list(given, "category_children")) add_category(child, Json(id), path, child_rank++);
  }

  void add_collection(const Json& given) {
    Json row = columns_of(schema::get("ProductCollection"), given);
    // Quirk: a collection that brings its id gets no handle.
    if (text(row, "handle").empty() && row["id"].is_nullish()) row.set("handle", base::kebab_case(text(row, "title")));
    tell("product-collection.created", add("ProductCollection", std::move(row)));
  }

  // A tag, type or image of that value: the one there is, or a new one.
  std::string known(const std::string& kind, std::string_view entity, std::string_view column,
                    const std::string& value) {
    auto& id = known_[kind + ":" + value];
    if (id.empty()) {
      Json row = Json::object();
      row.set(column, value);
      id = add(entity, std::move(row));
    }
    return id;
  }

  // Medusa 1.20: ProductService.create and ProductVariantService.create.
  void add_product(const Json& given) {
    Json row = columns_of(schema::get("Product"), given);
    const bool gift_card = given["is_giftcard"].truthy();
    row.set("is_giftcard", gift_card);
    row.set("discountable", gift_card                         ? false
                            : given["discountable"].is_bool() ? given["discountable"].as_bool()
                                                              : true);
    row.set("status", text(given, "status").empty() ? "published" : text(given, "status"));
    if (text(row, "handle").empty()) row.set("handle", base::kebab_case(text(row, "title")));
    const auto& images = list(given, "images");
    if (!row["thumbnail"].is_string() && !images.empty()) row.set("thumbnail", images.front());
    if (const auto type = text(given["type"], "value"); !type.empty())
      row.set("type_id", known("type", "ProductType", "value", type));
    const std::string id = add("Product", std::move(row));
    tell("product.created", id);
    profiles_.emplace_back(gift_card ? gift_card_profile_ : default_profile_, id);
    if (!channel_.empty()) channels_.emplace_back(id, channel_);
    for (const auto& url : images) images_.emplace_back(id, known("image", "Image", "url", url.as_string()));
    for (const auto& tag : list(given, "tags"))
      tags_.emplace_back(id, known("tag", "ProductTag", "value", text(tag, "value")));
    for (const auto& category : list(given, "categories")) categories_.emplace_back(text(category, "id"), id);
    std::vector<std::string> options;
    for (const auto& option : list(given, "options")) {
      Json o = columns_of(schema::get("ProductOption"), option);
      o.set("product_id", id);
      options.push_back(add("ProductOption", std::move(o)));
    }
    std::int64_t rank = 0;
    for (const auto& variant : list(given, "variants")) add_variant(id, options, variant, rank++);
  }

  void add_variant(const std::string& product, const std::vector<std::string>& options, const Json& given,
                   std::int64_t rank) {
    Json row = columns_of(schema::get("ProductVariant"), given);
    row.set("product_id", product);
    row.set("variant_rank", rank);
    row.set("inventory_quantity", given["inventory_quantity"].is_number() ? given["inventory_quantity"] : Json(0));
    row.set("allow_backorder", given["allow_backorder"].truthy());
    row.set("manage_inventory", given["manage_inventory"].is_bool() ? given["manage_inventory"].as_bool() : true);
    const std::string id = add("ProductVariant", std::move(row));
    call_.emit("product-variant.created", base::JsonObject{{"id", id}, {"product_id", product}});
    const auto& values = list(given, "options");
    for (std::size_t i = 0; i < values.size() && i < options.size(); i++) {
      Json value = Json::object();
      value.set("value", values[i]["value"]);
      value.set("option_id", options[i]);
      value.set("variant_id", id);
      add("ProductOptionValue", std::move(value));
    }
    for (const auto& price : list(given, "prices")) {
      Json amount = columns_of(schema::get("MoneyAmount"), price);
      if (const auto region = regions_.find(text(price, "region_id")); region != regions_.end())
        amount.set("region_id", region->second);
      const std::string amount_id = add("MoneyAmount", std::move(amount));
      Json link = Json::object();
      link.set("money_amount_id", amount_id);
      link.set("variant_id", id);
      add("ProductVariantMoneyAmount", std::move(link));
    }
  }

  void add_publishable_key(const Json& given) {
    Json row = columns_of(schema::get("PublishableApiKey"), given);
    row.set("created_by", ""); // nobody is logged in
    const std::string id = add("PublishableApiKey", std::move(row));
    tell("publishable_api_key.created", id);
    if (channel_.empty()) return;
    Json link = Json::object();
    link.set("sales_channel_id", channel_);
    link.set("publishable_key_id", id);
    add("PublishableApiKeySalesChannel", std::move(link));
  }

  void write() {
    for (auto& [entity, table] : tables_) queries_.push_back(query::insert(schema::get(entity), table));
    const auto link = [&](std::string_view table, std::string_view left, std::string_view right, const Pairs& pairs) {
      if (!pairs.empty()) queries_.push_back(query::link(table, left, right, pairs));
    };
    link("region_payment_providers", "region_id", "provider_id", payment_);
    link("region_fulfillment_providers", "region_id", "provider_id", fulfillment_);
    link("product_shipping_profile", "profile_id", "product_id", profiles_);
    link("product_sales_channel", "product_id", "sales_channel_id", channels_);
    link("product_images", "product_id", "image_id", images_);
    link("product_tags", "product_id", "product_tag_id", tags_);
    link("product_category_product", "product_category_id", "product_id", categories_);
    db::Batch batch(std::move(queries_));
    const auto taken =
        batch.add({db::Statement("UPDATE country SET region_id = g.region_id FROM unnest($1::text[], $2::text[]) "
                                 "AS g(code, region_id) WHERE country.iso_2 = g.code AND country.region_id IS NULL "
                                 "RETURNING country.iso_2"),
                   db::Params::of(country_codes_, country_regions_)});
    batch.run(call_.db());
    for (int row = 0; row < taken->rows(); row++)
      country_codes_.erase(std::find(country_codes_.begin(), country_codes_.end(), taken->text(row, 0)));
    if (!country_codes_.empty())
      throw base::Error::invalid_data("Not a country, or one of another region: " + base::join(country_codes_, ", "));
  }

  ports::Call& call_;
  std::string default_profile_, gift_card_profile_, store_, channel_;
  base::StringMap<std::string> known_;                    // "tag:value" and so on, to ids
  base::StringMap<std::string> regions_;                  // by the id in the file
  std::vector<std::pair<std::string, JsonArray>> tables_; // in the order of their first row, which respects references
  std::vector<db::Command> queries_;
  Pairs payment_, fulfillment_, profiles_, channels_, images_, tags_, categories_;
  std::vector<std::string> country_codes_, country_regions_;
};

} // namespace

void seed(ports::Call& call, const Json& content) {
  call.atomic([&] { Seeder(call).run(content); });
}

} // namespace app
