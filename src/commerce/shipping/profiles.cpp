#include "base/error.hpp"
#include "commerce/catalogue/tables.hpp"
#include "commerce/shipping/admin.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/values.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"

namespace commerce::shipping {
namespace {

using base::Json;
using http::Change;
using http::Is;
using http::QueryUse;
using enum http::Presence;

const std::vector<std::string> kFields{"id", "name", "type", "created_at", "updated_at", "deleted_at", "metadata"};
constexpr std::string_view kWrongType = "type must be one of 'default', 'custom', 'gift_card'";

// Medusa 1.20: ProductService.updateShippingProfile. A product has one profile; products that are not there are
// overlooked. Whoever moves a product locks it, so that it never ends up in two profiles.
void take_products(Change& change) {
  const auto wanted = texts_of(change.body()["products"]);
  if (wanted.empty()) return;
  static const db::Statement known(
      "SELECT id FROM product WHERE id = ANY($1) AND deleted_at IS NULL ORDER BY id FOR UPDATE");
  const auto found = change.call.db().run(known, db::Params::of(wanted));
  std::vector<std::string> ids;
  std::vector<std::pair<std::string, std::string>> pairs;
  base::JsonArray told;
  for (int row = 0; row < found.rows(); row++) {
    ids.emplace_back(found.text(row, 0));
    pairs.emplace_back(change.id, ids.back());
    told.push_back(
        base::JsonObject{{"id", ids.back()}, {"profiles", base::JsonArray{base::JsonObject{{"id", change.id}}}}});
  }
  if (ids.empty()) return;
  static const db::Statement others(
      "DELETE FROM product_shipping_profile WHERE product_id = ANY($1) AND profile_id <> $2");
  change.behind.push_back({others, db::Params::of(ids, change.id)});
  change.behind.push_back(query::link("product_shipping_profile", "profile_id", "product_id", pairs));
  change.call.emit("product.updated", std::move(told));
}

// Medusa 1.20: ShippingOptionRepository.upsertShippingProfile
void take_options(Change& change) {
  const auto wanted = texts_of(change.body()["shipping_options"]);
  if (wanted.empty()) return;
  static const db::Statement statement(
      "UPDATE shipping_option SET profile_id = $1, updated_at = now() WHERE id = ANY($2) AND deleted_at IS NULL");
  change.behind.push_back({statement, db::Params::of(change.id, wanted)});
}

void take_parts(Change& change) {
  take_products(change);
  take_options(change);
}

// Medusa 1.20: Product.loadRelations
void show_profile_ids(http::Context&, const query::Wanted&, const query::Tree& tree) {
  if (const auto* products = tree.root->child("products"))
    for (const auto& product : products->rows<table::Product>()) {
      const auto profiles = product.many<table::ShippingProfile>("profiles");
      product.compute("profile", profiles.empty() ? "null" : query::row_json(profiles.front()));
      product.compute("profile_id", profiles.empty() ? Json(nullptr) : Json(profiles.front().id()));
    }
}

http::Resource list() {
  return http::Resource{.path = "/admin/shipping-profiles",
                        .entity = "ShippingProfile",
                        .one = "shipping_profile",
                        .many = "shipping_profiles",
                        .limit = 0,
                        .paged = http::Paged::bare,
                        .order = {{"created_at"}, {"name"}, {"id"}},
                        .auth = http::Auth::admin}
      .list(QueryUse::ignored);
}

http::Resource profiles() {
  return http::Resource{.path = "/admin/shipping-profiles",
                        .entity = "ShippingProfile",
                        .one = "shipping_profile",
                        .many = "shipping_profiles",
                        .not_found = "Profile with id: {id} was not found",
                        .id_name = "profile_id",
                        .read = {.fields = kFields, .relations = {"products.profiles", "shipping_options"}},
                        .auth = http::Auth::admin,
                        .decorate = show_profile_ids}
      .retrieve(QueryUse::ignored)
      .create({.body = {{{"name", Is::string},
                         {"type", Is::enumeration, required, nullptr, {"default", "custom", "gift_card"}, kWrongType},
                         {"metadata", Is::object, optional}}},
               .metadata = http::Metadata::merged,
               .answer = http::Answer::saved})
      .update({.body = {{{"name", Is::string, optional},
                         {"metadata", Is::object, optional},
                         {"type", Is::enumeration, optional, nullptr, {"default", "custom", "gift_card"}, kWrongType},
                         {"products", Is::string_array, optional},
                         {"shipping_options", Is::string_array, optional}}},
               .hook = take_parts,
               .metadata = http::Metadata::merged})
      .remove({.object = "shipping_profile", .missing = http::Missing::overlooked});
}

} // namespace

http::Routes profile_routes() {
  auto routes = list().routes();
  const auto more = profiles().routes();
  routes.insert(routes.end(), more.begin(), more.end());
  return routes;
}

} // namespace commerce::shipping
