// GET /admin/price-lists/:id/products: the products that a price list has prices for, with those and the usual ones.
#include "commerce/catalogue/product_filters.hpp"
#include "commerce/catalogue/product_view.hpp"
#include "commerce/catalogue/products_admin.hpp"
#include "commerce/catalogue/states.hpp"
#include "commerce/catalogue/tables.hpp"
#include "commerce/pricing/tables.hpp"
#include "commerce/product_profiles.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"

namespace commerce::catalogue {
namespace {

using http::By;
using http::Context;

constexpr std::string_view kInPriceList =
    "EXISTS (SELECT 1 FROM product_variant v JOIN product_variant_money_amount x ON x.variant_id = v.id JOIN money_amount m ON "
    "m.id = x.money_amount_id AND m.deleted_at IS NULL WHERE v.product_id = t.id AND v.deleted_at IS NULL AND "
    "m.price_list_id = $?)";

void prepare(Context& context, const query::Wanted&, query::Read& read) {
  read.where.push_back({std::string(kInPriceList), query::Operator::sql, {context.param("id")}});
  prepare_admin_product(read.selection, Prices::stored);
  if (auto* variants = read.selection.child("variants")) variants->selection.with("prices").with("price_list");
  // Quirk: a search takes no notice of the filters by title and description, and shows all columns.
  if (!context.query()["q"].truthy()) return;
  std::erase_if(read.where, [](const auto& one) { return one.column == "title" || one.column == "description"; });
  read.selection.fields.clear();
}

// Medusa 1.20: MoneyAmountRepository.findManyForVariantInPriceList. Prices of other lists are none of this one's.
void decorate(Context& context, const query::Wanted&, const query::Tree& tree) {
  show_profiles(tree);
  const auto* variants = tree.root->child("variants");
  if (!variants) return;
  for (const auto& variant : variants->rows<table::ProductVariant>()) {
    auto prices = variant.many<table::MoneyAmount>("prices");
    std::erase_if(prices, [&](const query::RowOf<table::MoneyAmount>& price) {
      return !price.is_null("price_list_id") && price.text("price_list_id") != context.param("id");
    });
    std::string json;
    base::JsonWriter writer(json);
    query::write_rows(writer, prices);
    variant.compute("prices", std::move(json));
  }
}

} // namespace

http::Routes price_list_product_routes() {
  auto shown = admin_product_grammar();
  for (const auto* own : {"variants.prices", "sales_channels", "categories"}) std::erase(shown.relations, own);
  return http::Resource{.path = "/admin/price-lists/:id/products",
                        .entity = "Product",
                        .one = "product",
                        .many = "products",
                        .read = shown,
                        .filters = {{"id", By::text_or_list},
                                    {.name = "status", .by = By::enumeration, .values = values_of(kProductStatuses)},
                                    {"collection_id", By::list},
                                    {"tags", By::list, kWithTags},
                                    {"title"},
                                    {"description"},
                                    {"handle"},
                                    {"is_giftcard", By::boolean},
                                    {"type", By::text, "t.type_id = $?"},
                                    {"created_at", By::date},
                                    {"updated_at", By::date},
                                    {"deleted_at", By::date}},
                        .search = kProductSearch,
                        .limit = 50,
                        .auth = http::Auth::admin,
                        .prepare = prepare,
                        .decorate = decorate}
      .list()
      .routes();
}

} // namespace commerce::catalogue
