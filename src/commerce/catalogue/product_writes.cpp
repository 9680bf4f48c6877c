// POST /admin/products, POST and DELETE /admin/products/:id, and metadata.
#include "base/error.hpp"
#include "base/metadata.hpp"
#include "base/strings.hpp"
#include "commerce/catalogue/product_changes.hpp"
#include "commerce/catalogue/product_edit.hpp"
#include "commerce/catalogue/product_rules.hpp"
#include "commerce/catalogue/product_view.hpp"
#include "commerce/catalogue/products_admin.hpp"
#include "commerce/catalogue/variant_changes.hpp"
#include "db/batch.hpp"

namespace commerce::catalogue {
namespace {

using base::Error;
using base::Json;
using http::Context;
using Names = std::vector<std::string>;

// Medusa 1.20: POST /admin/products
void create_product(Context& context) {
  auto& call = context.call;
  call.atomic([&] {
    auto made = make_product(call, context.body(), Unnamed::becomes_default);
    context.json(R"({"product":)" + written_product(call, made.id, std::move(made.writes)) + "}");
  });
}

// Medusa 1.20: POST /admin/products/:id. The list is what there is from now on: its place is a variant's rank.
void change_variants(VariantChanges& changes, const base::JsonArray& variants) {
  // 1. Refuse variants of other products.
  Names foreign, gone = changes.ids();
  for (const auto& variant : variants) {
    const auto& id = variant["id"];
    if (!id.truthy()) continue;
    if (!changes.has(id.as_string())) foreign.push_back(id.as_string());
    std::erase(gone, id.as_string());
  }
  if (!foreign.empty())
    throw Error::not_found("Variants with id: " + base::join(foreign, ", ") + " are not associated with this product");
  // 2. Remove what the list leaves out.
  changes.remove(gone);
  // 3. Change what it names, then make what it adds.
  base::JsonArray added;
  std::size_t rank = 0;
  for (const auto& variant : variants) {
    const Json extra = base::JsonObject{{"variant_rank", rank++}};
    if (variant["id"].truthy())
      changes.update(variant["id"].as_string(), variant, extra, told_of(variant, {}, {"variant_rank", "product_id"}));
    else
      added.push_back(base::spread(variant, extra));
  }
  changes.create(added);
}

void update_product(Context& context, const Json& body) {
  auto& call = context.call;
  const auto& id = context.param("id");
  call.atomic([&] {
    const bool with_variants = body["variants"].is_array();
    const auto variants = list_of(body["variants"]);
    ProductParts parts(body, id);
    const auto lock = with_variants ? Variants::changed : Variants::left_alone;
    auto batch = locks_of_product(id, lock);
    const auto named = parts.look_up(batch);
    db::Batch::Slot regions;
    if (with_variants) regions = batch.add(VariantPrices::regions_of(variants));
    const auto locked = lock_product(call, id, lock, batch);
    parts.found(*named);
    auto writes = change_product(call, locked.row(), body, parts);
    if (with_variants) {
      VariantChanges changes(call, locked.row());
      changes.prices().know_regions(*regions);
      change_variants(changes, variants);
      append(writes, changes.writes());
    }
    context.json(R"({"product":)" + written_product(call, id, std::move(writes)) + "}");
  });
}

void update_product(Context& context) { update_product(context, context.body()); }

// Medusa 1.20: POST /admin/products/:id/metadata; one member, an empty text takes it away.
void set_metadata(Context& context) {
  const auto& body = context.body();
  update_product(context, base::JsonObject{{"metadata", base::JsonObject{{body["key"].as_string(), body["value"]}}}});
}

// Medusa 1.20: ProductService.delete. What is not there is no error.
void delete_product(Context& context) {
  static const db::Statement product(
      "UPDATE product SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL RETURNING id");
  static const db::Statement values(
      "UPDATE product_option_value SET deleted_at = now() WHERE deleted_at IS NULL AND variant_id IN (SELECT id FROM "
      "product_variant WHERE product_id = $1 AND deleted_at IS NULL)");
  static const db::Statement prices(
      "UPDATE money_amount SET deleted_at = now() WHERE deleted_at IS NULL AND id IN (SELECT x.money_amount_id FROM "
      "product_variant_money_amount x JOIN product_variant v ON v.id = x.variant_id WHERE v.product_id = $1 AND v.deleted_at "
      "IS NULL)");
  static const db::Statement variants(
      "UPDATE product_variant SET deleted_at = now() WHERE product_id = $1 AND deleted_at IS NULL");
  const auto& id = context.param("id");
  auto& call = context.call;
  call.atomic([&] {
    if (call.db().run(product, db::Params::of(id)).empty()) return;
    for (const auto& statement : {values, prices, variants}) call.write_last({statement, db::Params::of(id)});
    call.emit("product.deleted", base::JsonObject{{"id", id}});
  });
  context.json(base::JsonObject{{"id", id}, {"object", "product"}, {"deleted", true}});
}

} // namespace

http::Routes product_write_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  return {{.method = post,
           .path = "/admin/products",
           .handler = create_product,
           .auth = admin,
           .body_rules = &kNewProduct,
           .described = shown_product()},
          {.method = post,
           .path = "/admin/products/:id",
           .handler = [](Context& context) { update_product(context); },
           .auth = admin,
           .body_rules = &kProductChange,
           .described = shown_product()},
          {.method = post,
           .path = "/admin/products/:id/metadata",
           .handler = set_metadata,
           .auth = admin,
           .body_rules = &kProductMetadata,
           .described = shown_product()},
          {.method = del, .path = "/admin/products/:id", .handler = delete_product, .auth = admin}};
}

} // namespace commerce::catalogue
