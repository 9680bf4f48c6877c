// GET /admin/products and what stands beside it.
#include "commerce/catalogue/products_admin.hpp"
#include "base/error.hpp"
#include "commerce/catalogue/product_filters.hpp"
#include "commerce/catalogue/product_view.hpp"
#include "commerce/product_profiles.hpp"
#include "commerce/stock/availability.hpp"
#include "commerce/watched.hpp"
#include "http/described.hpp"
#include "http/resource.hpp"

namespace commerce::catalogue {
namespace {

using http::Context;
using http::Is;
using enum http::Presence;

Prices prices_asked(const query::Wanted& wanted) {
  return wanted.has_relation("variants") && wanted.has_relation("variants.prices") ? Prices::selected : Prices::stored;
}

void prepare(Context& context, const query::Wanted& wanted, query::Read& read) {
  if (context.query()["expand"].is_undefined()) drop_unasked_categories(context.call.flags, read.selection);
  prepare_admin_product(read.selection, prices_asked(wanted));
}

void prepare_list(Context& context, const query::Wanted& wanted, query::Read& read) {
  prepare(context, wanted, read);
  by_category(context.query(), Categories::all, read);
  // Quirk: a search takes no notice of the filters by title and description, and shows all columns.
  if (!context.query()["q"].truthy()) return;
  std::erase_if(read.where, [](const auto& one) { return one.column == "title" || one.column == "description"; });
  read.selection.fields.clear();
}

void decorate(Context& context, const query::Wanted& wanted, const query::Tree& tree) {
  show_profiles(tree);
  if (prices_asked(wanted) == Prices::selected) add_admin_prices(context.call, tree);
  if (wanted.has_relation("variants"))
    stock::add_availability_in_all_channels(context.call, tree.root->child("variants")->rows());
}

http::Resource products() {
  return http::Resource{.path = "/admin/products",
                        .entity = "Product",
                        .one = "product",
                        .many = "products",
                        .not_found = "Product with id: {id} was not found",
                        .read = admin_product_grammar(),
                        .filters = admin_product_filters(),
                        .search = kProductSearch,
                        .unfiltered = {{"category_id", Is::array, optional},
                                       {"include_category_children", Is::boolean_text, optional},
                                       {.name = "sales_channel_id",
                                        .is = Is::array,
                                        .presence = optional,
                                        .flag = schema::Flag::sales_channels}},
                        .refused = {"sales_channel_id"},
                        .limit = 50,
                        .auth = http::Auth::admin,
                        .kept = http::Kept::while_catalogue_unchanged,
                        .keepable = shows_watched,
                        .sales_leave_count = chosen_apart_from_sales,
                        .shown_products = shown_products,
                        .prepare = prepare_list,
                        .prepare_one = prepare,
                        .decorate = decorate}
      .list()
      .retrieve();
}

void list_types(Context& context) {
  context.json(http::rows_json(
      "types", query::read(context.call.db(), context.call.flags, {.entity = &schema::get("ProductType")})));
}

// Medusa 1.20: ProductTagRepository.listTagsByUsage. Quirk: how often is a text.
void list_tags_by_use(Context& context) {
  static const db::Statement statement(
      "SELECT t.id, count(p.product_tag_id), t.value FROM product_tag t LEFT JOIN product_tags p ON p.product_tag_id = t.id "
      "WHERE t.deleted_at IS NULL GROUP BY t.id ORDER BY 2 DESC LIMIT 10");
  const auto tags = context.call.db().run(statement);
  std::string out;
  base::JsonWriter w(out);
  w.open_object().key("tags").open_array();
  for (int row = 0; row < tags.rows(); ++row) {
    w.open_object().key("id").string(tags.text(row, 0)).key("usage_count").string(tags.text(row, 1));
    w.key("value").string(tags.text(row, 2)).close_object();
  }
  w.close_array().close_object();
  context.json(std::move(out));
}

} // namespace

http::Routes product_admin_routes() {
  // Ahead of /admin/products/:id.
  http::Routes routes{{.path = "/admin/products/types",
                       .handler = list_types,
                       .auth = http::Auth::admin,
                       .described = http::shows_list("types", "ProductType")},
                      {.path = "/admin/products/tag-usage", .handler = list_tags_by_use, .auth = http::Auth::admin}};
  const auto more = products().routes();
  routes.insert(routes.end(), more.begin(), more.end());
  return routes;
}

http::DescribedPtr shown_product() { return http::shows_one("product", "Product", admin_product_grammar()); }

} // namespace commerce::catalogue
