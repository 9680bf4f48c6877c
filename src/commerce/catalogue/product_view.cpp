#include "commerce/catalogue/product_view.hpp"
#include "commerce/catalogue/price_context.hpp"
#include "commerce/catalogue/product_filters.hpp"
#include "commerce/product_profiles.hpp"

namespace commerce::catalogue {

const query::Grammar& admin_product_grammar() {
  static const query::Grammar grammar{.fields = kProductFields,
                                      .relations = {"variants", "variants.prices", "variants.options", "profiles",
                                                    "images", "options", "options.values", "tags", "type", "collection",
                                                    "sales_channels", "categories"}};
  return grammar;
}

void prepare_admin_product(query::Selection& product, Prices prices) {
  order_variants(product);
  if (prices == Prices::selected) leave_prices_to_pricing(product);
}

void add_admin_prices(ports::Call& call, const query::Tree& tree) {
  if (const auto* variants = tree.root->child("variants"))
    add_product_prices(call, {}, variants->rows<table::ProductVariant>());
}

void drop_unasked_categories(const schema::Flags& flags, query::Selection& product) {
  if (!flags.on(schema::Flag::product_categories))
    std::erase_if(product.children, [](const auto& child) { return child.relation == "categories"; });
}

std::string written_product(ports::Call& call, std::string_view id, std::vector<db::Command> writes, Prices prices) {
  static const auto& entity = schema::get("Product");
  auto selection = query::select(admin_product_grammar().fields, admin_product_grammar().relations);
  drop_unasked_categories(call.flags, selection);
  prepare_admin_product(selection, prices);
  const auto tree = query::read_one(call.db(), call.flags, {.entity = &entity, .selection = std::move(selection)}, id,
                                    std::move(writes));
  if (!tree.first()) throw product_not_found(id);
  show_profiles(tree);
  if (prices == Prices::selected) add_admin_prices(call, tree);
  return query::row_json(*tree.first());
}

base::Error product_not_found(std::string_view id) {
  return base::Error::not_found("Product with id: " + std::string(id) + " was not found");
}

} // namespace commerce::catalogue
