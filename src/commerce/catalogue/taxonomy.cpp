#include "commerce/catalogue/taxonomy.hpp"
#include "base/error.hpp"
#include "http/resource.hpp"

namespace commerce::catalogue {
namespace {

using http::By;

http::Resource collections() {
  return http::Resource{.path = "/store/collections",
                        .entity = "ProductCollection",
                        .one = "collection",
                        .many = "collections",
                        .filters = {{"handle", By::list}, {"created_at", By::date}, {"updated_at", By::date}},
                        .refused = {"fields", "expand", "order"},
                        .limit = 10,
                        .paged = http::Paged::limit_first,
                        .kept = http::Kept::while_catalogue_unchanged}
      .list();
}

// Quirk: nobody looks at the query here.
void show_collection(http::Context& context) {
  const auto& id = context.param("id");
  const auto tree =
      query::read_one(context.call.db(), context.call.flags, {.entity = &schema::get("ProductCollection")}, id);
  if (!tree.first()) throw base::Error::not_found("Product collection with id: " + id + " was not found");
  context.json(http::one_json("collection", *tree.first()));
}

// Types and tags: a value and the discount conditions that name it.
http::Resource values(std::string_view path, std::string_view entity, std::string_view many, std::string_view of_condition) {
  return http::Resource{.path = path,
                        .entity = entity,
                        .one = {},
                        .many = many,
                        .read = {.fields = {"id", "value", "created_at", "updated_at"}},
                        .filters = {{"id", By::text_or_list},
                                    {"value", By::text_or_list},
                                    {"created_at", By::date},
                                    {"updated_at", By::date},
                                    {"discount_condition_id", By::text, of_condition}},
                        .search = "t.value ILIKE $?",
                        .refused = {"fields", "expand"},
                        .limit = 20,
                        .kept = http::Kept::while_catalogue_unchanged}
      .list();
}

} // namespace

http::Routes taxonomy_routes() {
  http::Routes all = collections().routes();
  all.push_back({.path = "/store/collections/:id", .handler = show_collection, .kept = http::Kept::while_catalogue_unchanged});
  for (const auto& row : {values("/store/product-types", "ProductType", "product_types",
                                 "EXISTS (SELECT 1 FROM discount_condition_product_type d WHERE d.product_type_id = t.id "
                                 "AND d.condition_id = $?)"),
                          values("/store/product-tags", "ProductTag", "product_tags",
                                 "EXISTS (SELECT 1 FROM discount_condition_product_tag d WHERE d.product_tag_id = t.id "
                                 "AND d.condition_id = $?)")}) {
    const auto routes = row.routes();
    all.insert(all.end(), routes.begin(), routes.end());
  }
  return all;
}

} // namespace commerce::catalogue
