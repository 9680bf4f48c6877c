#include "commerce/catalogue/storefront.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "commerce/catalogue/price_context.hpp"
#include "commerce/catalogue/product_filters.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/stock/availability.hpp"
#include "commerce/storefront.hpp"
#include "commerce/watched.hpp"
#include "http/resource.hpp"

namespace commerce::catalogue {
namespace {

using query::Operator;

// Medusa 1.20: withDefaultSalesChannel. A default channel that is gone, or disabled, filters nothing.
constexpr std::string_view kInDefaultSalesChannel =
    "EXISTS (SELECT 1 FROM product_sales_channel psc WHERE psc.product_id = t.id AND psc.sales_channel_id = "
    "(SELECT default_sales_channel_id FROM store LIMIT 1)) OR NOT EXISTS (SELECT 1 FROM sales_channel sc WHERE sc.id = "
    "(SELECT default_sales_channel_id FROM store LIMIT 1) AND sc.deleted_at IS NULL AND NOT sc.is_disabled)";
const base::Json& sales_channels_asked(const http::Context& context) { return context.query()["sales_channel_id"]; }

// Medusa 1.20: GET /store/products; published products of the request's sales channels.
void prepare_list(http::Context& context, const query::Wanted&, query::Read& read) {
  read.where.push_back({"status", Operator::equal, {"published"}});
  const auto& scope = context.call.identity.sales_channel_ids;
  if (context.call.on(schema::Flag::sales_channels) && !sales_channels_asked(context).truthy()) {
    if (!scope.empty())
      read.where.push_back({std::string(kInSalesChannels), Operator::sql, {db::array_literal(scope)}});
    else if (context.request.header("x-publishable-api-key").empty())
      read.where.push_back({std::string(kInDefaultSalesChannel), Operator::sql, {}});
  }
  if (!scope.empty()) read.selection.with("sales_channels");
  by_category(context.query(), Categories::only_public, read);
  show_only_public(*read.entity, read.selection);
  order_variants(read.selection);
  leave_prices_to_pricing(read.selection);
}

// Medusa 1.20: GET /store/products/:id; a key refuses products of other channels. What is not there is of none.
void prepare_one(http::Context& context, const query::Wanted&, query::Read& read) {
  const auto& scope = context.call.identity.sales_channel_ids;
  if (!scope.empty()) {
    static const db::Statement in_other_channels(
        "SELECT 1 FROM product p WHERE p.id = $1 AND p.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM "
        "product_sales_channel c WHERE c.product_id = p.id AND c.sales_channel_id = ANY($2))");
    const auto& id = context.param("id");
    if (!context.call.db().run(in_other_channels, db::Params::of(id, scope)).empty())
      throw http::RequestErrors({"Product with id: " + id +
                                 " is not associated with sales channels defined by the Publishable API Key passed in "
                                 "the header of the request."});
  }
  // 1.20 shows drafts, too, to whoever knows the id.
  read.where.push_back({"status", Operator::equal, {"published"}});
  show_only_public(*read.entity, read.selection);
  order_variants(read.selection);
  leave_prices_to_pricing(read.selection);
}

// Medusa 1.20: Product.loadRelations. The first profile is also the product's profile_id.
void add_profile_ids(const query::Tree& tree) {
  for (const auto& product : tree.rows<table::Product>()) {
    if (!product.has("profiles")) return;
    const auto profile = product.one<table::ShippingProfile>("profiles");
    product.compute_behind("profiles", "profile_id", profile ? base::Json(profile->id()).dump() : "null");
  }
}

// Shows stock in the asked sales channels, else in those of the key, else in the default one. Of a single thing, a key with just
// one channel decides, and one with several needs an asked one.
enum class Shown { list, one };
void add_availability(http::Context& context, const std::vector<query::Row>& variants, Shown shown) {
  const auto& of_key = context.call.identity.sales_channel_ids;
  const auto& asked = context.query()["sales_channel_id"];
  std::vector<std::string> ids;
  if (asked.is_string() && !asked.as_string().empty()) ids.push_back(asked.as_string());
  if (asked.is_array())
    for (const auto& id : asked.as_array())
      if (id.is_string()) ids.push_back(id.as_string());
  const bool by_key = shown == Shown::list ? ids.empty() : of_key.size() == 1;
  if (ids.empty() && context.request.header("x-publishable-api-key").empty())
    return stock::add_availability_in_default_channel(context.call, variants);
  stock::add_availability(context.call, variants, by_key ? of_key : ids);
}

void decorate_products(http::Context& context, const query::Wanted& wanted, const query::Tree& tree, Shown shown) {
  if (context.query()["fields"].is_undefined()) add_profile_ids(tree);
  const auto* variants = tree.root->child("variants");
  if (!variants || !wanted.has_relation("variants")) return;
  if (wanted.has_relation("variants.prices"))
    add_product_prices(context.call, price_context(context.call, context.query()),
                       variants->rows<table::ProductVariant>());
  add_availability(context, variants->rows(), shown);
}
void decorate_list(http::Context& context, const query::Wanted& wanted, const query::Tree& tree) {
  decorate_products(context, wanted, tree, Shown::list);
}
void decorate_one(http::Context& context, const query::Wanted& wanted, const query::Tree& tree) {
  decorate_products(context, wanted, tree, Shown::one);
}

// Of published products; 1.20 shows those of drafts too.
void only_public_variants(query::Read& read) {
  read.where.push_back({"EXISTS (SELECT 1 FROM product p WHERE p.id = t.product_id AND p.status = 'published' AND "
                        "p.deleted_at IS NULL)",
                        Operator::sql,
                        {}});
  show_only_public(*read.entity, read.selection);
  leave_variant_prices_to_pricing(read.selection);
}

// A key opens the variants of its channels; in 1.20 it opens all.
void prepare_variants(http::Context& context, const query::Wanted&, query::Read& read) {
  const auto& ids = context.query()["ids"];
  if (ids.is_string() && !ids.as_string().empty())
    read.where.push_back({"id", Operator::in, base::split(ids.as_string(), ',')});
  const auto& scope = context.call.identity.sales_channel_ids;
  if (!scope.empty())
    read.where.push_back({"EXISTS (SELECT 1 FROM product_sales_channel psc WHERE psc.product_id = t.product_id AND "
                          "psc.sales_channel_id = ANY($?::text[]))",
                          Operator::sql,
                          {db::array_literal(scope)}});
  only_public_variants(read);
}

// Medusa 1.20: validateProductVariantSalesChannelAssociation. What is not there is of none.
void prepare_variant(http::Context& context, const query::Wanted&, query::Read& read) {
  const auto& scope = context.call.identity.sales_channel_ids;
  if (!scope.empty()) {
    static const db::Statement in_other_channels(
        "SELECT 1 FROM product_variant v WHERE v.id = $1 AND v.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM "
        "product_sales_channel c WHERE c.product_id = v.product_id AND c.sales_channel_id = ANY($2))");
    const auto& id = context.param("id");
    if (!context.call.db().run(in_other_channels, db::Params::of(id, scope)).empty())
      throw http::RequestErrors({"Variant with id: " + id +
                                 " is not associated with sales channels defined by the Publishable API Key passed in "
                                 "the header of the request."});
  }
  only_public_variants(read);
}

// Quirk: a variant without a price there shows all its prices, where they were not left out.
void decorate_variant(http::Context& context, const query::Wanted& wanted, const query::Tree& tree) {
  const auto variants = tree.rows<table::ProductVariant>();
  const auto without = add_variant_prices(context.call, price_context(context.call, context.query()), variants);
  if (wanted.has_relation("prices")) add_stored_prices(context.call, variants, without);
  add_availability(context, tree.rows(), Shown::one);
}

// Quirk: of a list, the prices stand behind the product, and a variant without a price there shows none.
void decorate_variants(http::Context& context, const query::Wanted&, const query::Tree& tree) {
  const auto variants = tree.rows<table::ProductVariant>();
  for (const auto& variant : variants) variant.compute_behind("product", "prices", "");
  add_variant_prices(context.call, price_context(context.call, context.query()), variants);
  add_availability(context, tree.rows(), Shown::one);
}

const std::vector<http::Filter> kPriceContext{
    {"cart_id", http::By::ignored}, {"region_id", http::By::ignored}, {"currency_code", http::By::ignored}};

std::vector<http::Filter> with_price_context(std::vector<http::Filter> filters) {
  filters.insert(filters.end(), kPriceContext.begin(), kPriceContext.end());
  return filters;
}

const std::vector<std::string> kProductRelations{
    "variants", "variants.prices", "variants.options", "options", "options.values", "images", "tags", "collection",
    "type",     "profiles"};

std::vector<std::string> plus(std::vector<std::string> names, std::initializer_list<const char*> more) {
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

http::Routes product_routes() {
  using http::By;
  http::Resource row{
      .path = "/store/products",
      .entity = "Product",
      .one = "product",
      .many = "products",
      .not_found = "Product with id: {id} was not found",
      .read = {.fields = kProductFields,
               .relations = kProductRelations,
               .allowed_fields = plus(kProductFields, {"profile_id", "variants.title", "variants.prices.amount"}),
               .allowed_relations =
                   plus(kProductRelations, {"variants.inventory_items", "sales_channels", "categories"})},
      .filters = with_price_context(product_filters({{"id", By::text_or_list}}, {})),
      .retrieve_filters = with_price_context({{"sales_channel_id", By::ignored}}),
      .search = kProductSearch,
      .limit = 100,
      .auth = http::Auth::customer_optional,
      .kept = http::Kept::while_catalogue_unchanged,
      .sales_leave_count = chosen_apart_from_sales,
      .shown_products = shown_products,
      .prepare = prepare_list,
      .prepare_one = prepare_one};
  row.unfiltered = {{"category_id", http::Is::array, http::Presence::optional},
                    {"include_category_children", http::Is::boolean_text, http::Presence::optional}};
  http::Resource list = row;
  list.decorate = decorate_list;
  row.decorate = decorate_one;
  auto routes = list.list().routes();
  const auto one = row.retrieve().routes();
  routes.insert(routes.end(), one.begin(), one.end());
  return routes;
}

http::Routes variant_routes() {
  using http::By;
  http::Resource row{.path = "/store/variants",
                     .entity = "ProductVariant",
                     .one = "variant",
                     .many = "variants",
                     .not_found = "Variant with id: {id} was not found",
                     .read = {.relations = {"prices", "options", "product"},
                              .allowed_relations = {"prices", "options", "product", "inventory_items"}},
                     .filters = with_price_context({{"ids", By::ignored},
                                                    {"sales_channel_id", By::ignored},
                                                    {"id", By::text_or_list},
                                                    {"title", By::text_or_list},
                                                    {"inventory_quantity", By::number}}),
                     .retrieve_filters = with_price_context({{"sales_channel_id", By::ignored}}),
                     .limit = 100,
                     .paged = http::Paged::bare,
                     .auth = http::Auth::customer_optional,
                     .kept = http::Kept::while_catalogue_unchanged,
                     .prepare = prepare_variants,
                     .prepare_one = prepare_variant,
                     .decorate = decorate_variant};
  http::Resource list = row;
  list.decorate = decorate_variants;
  list.refused = {"order"};
  auto routes = list.list().routes();
  const auto one = row.retrieve().routes();
  routes.insert(routes.end(), one.begin(), one.end());
  return routes;
}

const http::Rules kSearchRules{{{"q", http::Is::string, http::Presence::optional},
                                {"offset", http::Is::number_text, http::Presence::optional},
                                {"limit", http::Is::number_text, http::Presence::optional},
                                {"filter", http::Is::any, http::Presence::optional}},
                               nullptr,
                               http::Unknown::allowed};

// Medusa 1.20: DefaultSearchService. Without a search plugin nothing is found.
void search(http::Context& context) { context.json(std::string(R"({"hits":[]})")); }

} // namespace

http::Routes store_routes() {
  http::Routes routes = product_routes();
  const auto more = variant_routes();
  routes.insert(routes.end(), more.begin(), more.end());
  routes.push_back(
      {.method = http::Method::post, .path = "/store/products/search", .handler = search, .body_rules = &kSearchRules});
  for (auto& route : routes) route.publishable_key = http::PublishableKey::opens_channels;
  return routes;
}

} // namespace commerce::catalogue
