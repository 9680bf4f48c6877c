#include "commerce/catalogue/taxonomy.hpp"
#include "commerce/watched.hpp"
#include "http/resource.hpp"

namespace commerce::catalogue {
namespace {

using http::By;

// Types and tags: a value and the discount conditions that name it.
struct Values {
  std::string_view entity, many, of_condition;
};
constexpr Values kTypes{"ProductType", "product_types",
                        "EXISTS (SELECT 1 FROM discount_condition_product_type d WHERE d.product_type_id = t.id AND "
                        "d.condition_id = $?)"};
constexpr Values kTags{"ProductTag", "product_tags",
                       "EXISTS (SELECT 1 FROM discount_condition_product_tag d WHERE d.product_tag_id = t.id AND "
                       "d.condition_id = $?)"};

http::Resource values(std::string_view path, const Values& of) {
  return http::Resource{.path = path,
                        .entity = of.entity,
                        .one = {},
                        .many = of.many,
                        .read = {.fields = {"id", "value", "created_at", "updated_at"}},
                        .filters = {{"id", By::text_list_or_comparison},
                                    {"value", By::text_list_or_comparison},
                                    {"created_at", By::typed_date},
                                    {"updated_at", By::typed_date},
                                    {"discount_condition_id", By::text, of.of_condition}},
                        .search = "t.value ILIKE $?",
                        .refused = {"fields", "expand"},
                        .limit = 20,
                        .kept = http::Kept::while_catalogue_unchanged,
                        .shown_products = shown_products};
}

http::Resource for_admin(http::Resource row, std::int64_t limit) {
  row.auth = http::Auth::admin;
  row.limit = limit;
  return row;
}

} // namespace

http::Routes taxonomy_routes() {
  http::Routes all;
  for (auto row :
       {values("/store/product-types", kTypes), values("/store/product-tags", kTags),
        for_admin(values("/admin/product-types", kTypes), 20), for_admin(values("/admin/product-tags", kTags), 10)}) {
    const auto routes = row.list().routes();
    all.insert(all.end(), routes.begin(), routes.end());
  }
  return all;
}

} // namespace commerce::catalogue
