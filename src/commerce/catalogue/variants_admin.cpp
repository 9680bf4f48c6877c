// Variants as an admin sees and changes them: /admin/variants and /admin/products/:id/variants.
#include "base/error.hpp"
#include "commerce/catalogue/price_context.hpp"
#include "commerce/catalogue/product_changes.hpp"
#include "commerce/catalogue/product_rules.hpp"
#include "commerce/catalogue/product_view.hpp"
#include "commerce/catalogue/products_admin.hpp"
#include "commerce/catalogue/variant_changes.hpp"
#include "commerce/product_profiles.hpp"
#include "commerce/stock/availability.hpp"
#include "http/resource.hpp"

namespace commerce::catalogue {
namespace {

using base::Error;
using base::Json;
using http::By;
using http::Context;
using http::Is;
using enum http::Presence;

// --- reading -------------------------------------------------------------------------------------------------------

// Among all variants each part goes by an index of its own; a product's few variants are looked at one by one.
constexpr std::string_view kSearch =
    "t.id IN (SELECT v.id FROM product_variant v WHERE $hidden(v) AND (v.title ILIKE $? OR v.sku ILIKE $?) UNION ALL "
    "SELECT v.id FROM product p JOIN product_variant v ON v.product_id = p.id WHERE p.deleted_at IS NULL AND p.title "
    "ILIKE $?)";
constexpr std::string_view kSearchOfProduct =
    "t.title ILIKE $? OR t.sku ILIKE $? OR EXISTS (SELECT 1 FROM product p WHERE p.id = t.product_id AND p.deleted_at IS NULL "
    "AND p.title ILIKE $?)";

// Quirk: a search takes no notice of the filter by title, and shows the product unasked.
void prepare_search(const Context& context, query::Read& read) {
  if (!context.query()["q"].truthy()) return;
  std::erase_if(read.where, [](const auto& one) { return one.column == "title"; });
  read.selection.with("product");
}

void prepare_list(Context& context, const query::Wanted&, query::Read& read) {
  prepare_search(context, read);
  leave_variant_prices_to_pricing(read.selection);
}

void prepare_one(Context&, const query::Wanted&, query::Read& read) { leave_variant_prices_to_pricing(read.selection); }

// For whom and where a list's prices are asked.
pricing::Asked asked(Context& context) {
  auto asked = price_context(context.call, context.query());
  const auto& customer = context.query()["customer_id"];
  if (customer.truthy()) asked.customer_id = customer.as_string();
  return asked;
}

// Quirk: a variant without a price there shows all its prices.
void add_prices(ports::Call& call, const pricing::Asked& asked, const query::Wanted& wanted, const query::Tree& tree) {
  show_profiles(tree);
  const auto variants = tree.rows<table::ProductVariant>();
  const auto without = add_variant_prices(call, asked, variants);
  if (wanted.has_relation("prices")) add_stored_prices(call, variants, without);
}

void decorate_list(Context& context, const query::Wanted& wanted, const query::Tree& tree) {
  add_prices(context.call, asked(context), wanted, tree);
  stock::add_availability_in_all_channels(context.call, tree.rows());
}

// Quirk: no query says where the prices of a single variant are asked.
void decorate_one(Context& context, const query::Wanted& wanted, const query::Tree& tree) {
  add_prices(context.call, {}, wanted, tree);
}

http::Routes variants() {
  http::Resource row{.path = "/admin/variants",
                     .entity = "ProductVariant",
                     .one = "variant",
                     .many = "variants",
                     .not_found = "Variant with id: {id} was not found",
                     .read = {.fields = {"id",
                                         "title",
                                         "product_id",
                                         "sku",
                                         "barcode",
                                         "ean",
                                         "upc",
                                         "inventory_quantity",
                                         "allow_backorder",
                                         "weight",
                                         "length",
                                         "height",
                                         "width",
                                         "hs_code",
                                         "origin_country",
                                         "mid_code",
                                         "material",
                                         "created_at",
                                         "updated_at",
                                         "metadata",
                                         "deleted_at",
                                         "manage_inventory"},
                              .relations = {"product", "prices", "options"}},
                     .filters = {{"id", By::text_or_list},
                                 {"title", By::text_or_list},
                                 {"inventory_quantity", By::number},
                                 {"manage_inventory", By::boolean},
                                 {"allow_backorder", By::boolean},
                                 {"cart_id", By::ignored},
                                 {"region_id", By::ignored},
                                 {"currency_code", By::ignored},
                                 {"customer_id", By::ignored}},
                     .search = kSearch,
                     .unfiltered = {{"limit", Is::integer_text, optional}, {"offset", Is::integer_text, optional}},
                     .refused = {"limit", "offset"},
                     .limit = 20,
                     .paged = http::Paged::count_only,
                     .auth = http::Auth::admin,
                     .prepare = prepare_list,
                     .prepare_one = prepare_one,
                     .decorate = decorate_list};
  http::Resource one = row;
  one.decorate = decorate_one;
  auto routes = row.list().routes();
  const auto more = one.retrieve().routes();
  routes.insert(routes.end(), more.begin(), more.end());
  return routes;
}

void prepare_of_product(Context& context, const query::Wanted&, query::Read& read) {
  read.where.push_back({"product_id", query::Operator::equal, {context.param("id")}});
  prepare_search(context, read);
}

http::Resource variants_of_product() {
  return http::Resource{.path = "/admin/products/:id/variants",
                        .entity = "ProductVariant",
                        .one = "variant",
                        .many = "variants",
                        .read = {.fields = {"id",
                                            "product_id",
                                            "title",
                                            "sku",
                                            "inventory_quantity",
                                            "allow_backorder",
                                            "manage_inventory",
                                            "hs_code",
                                            "origin_country",
                                            "mid_code",
                                            "material",
                                            "weight",
                                            "length",
                                            "height",
                                            "width",
                                            "created_at",
                                            "updated_at",
                                            "deleted_at",
                                            "metadata",
                                            "variant_rank",
                                            "ean",
                                            "upc",
                                            "barcode"},
                                 .relations = {"options", "prices"}},
                        .filters = {{"id", By::text_or_list},
                                    {"inventory_quantity", By::number},
                                    {"manage_inventory", By::boolean},
                                    {"allow_backorder", By::boolean},
                                    {"created_at", By::date},
                                    {"updated_at", By::date}},
                        .search = kSearchOfProduct,
                        .limit = 100,
                        .paged = http::Paged::count_first,
                        .auth = http::Auth::admin,
                        .prepare = prepare_of_product}
      .list();
}

// --- writing -------------------------------------------------------------------------------------------------------

// The product and what its variants become, locked; `body` is of the variant that is made or changed.
struct Change {
  LockedProduct locked;
  VariantChanges variants;
};
Change begin(Context& context, const Json& body) {
  const auto& id = context.param("id");
  auto batch = locks_of_product(id, Variants::changed);
  const auto regions = batch.add(VariantPrices::regions_of({body}));
  auto locked = lock_product(context.call, id, Variants::changed, batch);
  VariantChanges variants(context.call, locked.row());
  variants.prices().know_regions(*regions);
  return {std::move(locked), std::move(variants)};
}

std::string write(Context& context, Change& change) {
  return written_product(context.call, context.param("id"), change.variants.writes());
}

void answer(Context& context, Change& change) { context.json(R"({"product":)" + write(context, change) + "}"); }

// Medusa 1.20: POST /admin/products/:id/variants
void create_variant(Context& context) {
  context.call.atomic([&] {
    auto change = begin(context, context.body());
    Json body = context.body();
    body.set("variant_rank", change.variants.next_rank());
    change.variants.create({body});
    answer(context, change);
  });
}

// Medusa 1.20: ProductVariantService.update
void update_variant(Context& context) {
  const auto& id = context.param("variant_id");
  const auto& body = context.body();
  context.call.atomic([&] {
    auto change = begin(context, body);
    if (!change.variants.has(id)) throw Error::not_found("Variant with id: " + id + " was not found");
    change.variants.update(id, body, Json::object(), told_of(body, {"product_id"}));
    answer(context, change);
  });
}

// Medusa 1.20: ProductVariantService.delete. What is not there is no error.
void delete_variant(Context& context) {
  const auto& id = context.param("variant_id");
  context.call.atomic([&] {
    auto change = begin(context, Json::object());
    if (change.variants.has(id)) change.variants.remove({id});
    const auto product = write(context, change);
    context.json(R"({"variant_id":)" + Json(id).dump() + R"(,"object":"product-variant","deleted":true,"product":)" +
                 product + "}");
  });
}

// Quirk: checked, and looked at by nobody.
const http::Rules kPriceContext{{{"cart_id", Is::string, optional},
                                 {"region_id", Is::string, optional},
                                 {"currency_code", Is::string, optional},
                                 {"expand", Is::string, optional},
                                 {"fields", Is::string, optional}}};

} // namespace

http::Routes variant_admin_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  auto routes = variants();
  const auto more = variants_of_product().routes();
  routes.insert(routes.end(), more.begin(), more.end());
  routes.push_back({.method = post,
                    .path = "/admin/products/:id/variants",
                    .handler = create_variant,
                    .auth = admin,
                    .body_rules = &kNewVariant,
                    .described = shown_product()});
  routes.push_back({.method = post,
                    .path = "/admin/products/:id/variants/:variant_id",
                    .handler = update_variant,
                    .auth = admin,
                    .query_rules = &kPriceContext,
                    .body_rules = &kVariantChange,
                    .described = shown_product()});
  routes.push_back(
      {.method = del, .path = "/admin/products/:id/variants/:variant_id", .handler = delete_variant, .auth = admin});
  return routes;
}

} // namespace commerce::catalogue
