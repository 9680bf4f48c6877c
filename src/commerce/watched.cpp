#include "commerce/watched.hpp"
#include <algorithm>

namespace commerce {
namespace {

bool is_watched(std::string_view table) { return std::ranges::find(watched_tables(), table) != watched_tables().end(); }

bool are_watched(const schema::Entity& entity, const query::Selection& selection) {
  return is_watched(entity.table) && std::ranges::all_of(selection.children, [&](const query::Selection::Child& child) {
           const auto* relation = entity.relation(child.relation);
           return relation && (relation->join_table.empty() || is_watched(relation->join_table)) &&
                  are_watched(schema::get(relation->target), child.selection);
         });
}

// A list in order of a relation's column changes with the tables between.
bool are_watched(const schema::Entity& entity, const query::Order& order) {
  const auto dot = order.column.rfind('.');
  return dot == std::string::npos || are_watched(entity, query::select({}, {order.column.substr(0, dot)}));
}

// Whether rows of the sold table are shown below that entity.
bool shows_sold(const schema::Entity& entity, const query::Selection& selection);
bool shows_sold(const schema::Entity& entity, const query::Selection::Child& child) {
  const auto* relation = entity.relation(child.relation);
  return !relation || child.where.find(sold_table()) != std::string::npos ||
         shows_sold(schema::get(relation->target), child.selection);
}
bool shows_sold(const schema::Entity& entity, const query::Selection& selection) {
  return entity.table == sold_table() ||
         std::ranges::any_of(selection.children, [&](const auto& child) { return shows_sold(entity, child); });
}

} // namespace

std::string_view sold_table() { return "product_variant"; }
std::string_view sold_column() { return "product_id"; }

bool chosen_apart_from_sales(const query::Read& read) {
  return std::ranges::none_of(read.where, [](const query::Condition& condition) {
    return condition.op == query::Operator::sql && condition.column.find(sold_table()) != std::string::npos;
  });
}

std::optional<std::vector<std::string>> shown_products(const query::Read& read, const query::Tree& tree) {
  const bool in_order_of_others = std::ranges::any_of(
      read.order, [](const query::Order& order) { return order.column.find('.') != std::string::npos; });
  if (read.entity->table == sold_table() || in_order_of_others || !chosen_apart_from_sales(read)) return std::nullopt;
  const bool products = read.entity->table == "product";
  bool shows_own = false;
  const auto& variants = schema::get("ProductVariant");
  for (const auto& child : read.selection.children) {
    const bool own =
        products && child.relation == "variants" && child.where.find(sold_table()) == std::string::npos &&
        std::ranges::none_of(child.selection.children, [&](const auto& below) { return shows_sold(variants, below); });
    if (!own && shows_sold(*read.entity, child)) return std::nullopt;
    shows_own = shows_own || own;
  }
  std::vector<std::string> shown;
  if (shows_own)
    for (const auto& product : tree.rows()) shown.emplace_back(product.id());
  return shown;
}

std::span<const std::string_view> watched_tables() {
  static constexpr std::string_view tables[]{
      // Products and what is shown with them.
      "product", "product_variant", "product_option", "product_option_value", "image", "product_images", "product_tag",
      "product_tags", "product_type", "product_collection", "product_category", "product_category_product",
      "shipping_profile", "product_shipping_profile", "store", "sales_channel", "product_sales_channel",
      "publishable_api_key", "publishable_api_key_sales_channel", "discount_condition_product_type",
      "discount_condition_product_tag",
      // Their prices and taxes.
      "money_amount", "product_variant_money_amount", "price_list", "price_list_customer_groups", "tax_rate",
      "product_tax_rate", "product_type_tax_rate", "tax_provider",
      // Regions.
      "region", "country", "currency", "region_payment_providers", "region_fulfillment_providers", "payment_provider",
      "fulfillment_provider",
      // Stock in its own module.
      "product_variant_inventory_item", "inventory_item", "inventory_level", "reservation_item",
      "sales_channel_location"};
  return tables;
}

std::span<const db::LoggedTable> kept_tables() {
  static const db::LoggedTable tables[]{// Products and what is shown with them.
                                        {"product", {"id"}},
                                        {"product_variant", {"id", "product_id"}},
                                        {"product_option", {"id", "product_id"}},
                                        {"product_option_value", {"id", "variant_id", "option_id"}},
                                        {"image", {"id"}},
                                        {"product_images", {"product_id"}},
                                        {"product_tag", {"id"}},
                                        {"product_tags", {"product_id"}},
                                        {"product_type", {"id"}},
                                        {"product_collection", {"id"}},
                                        {"product_category", {"id", "parent_category_id"}},
                                        {"product_category_product", {"product_id"}},
                                        {"shipping_profile", {"id"}},
                                        {"product_shipping_profile", {"product_id"}},
                                        {"sales_channel", {"id"}},
                                        {"product_sales_channel", {"product_id"}},
                                        // Their prices and taxes.
                                        {"money_amount", {"id"}},
                                        {"product_variant_money_amount", {"variant_id"}},
                                        {"price_list", {"id"}},
                                        {"price_list_customer_groups", {"price_list_id"}},
                                        {"customer_group", {"id"}},
                                        {"tax_rate", {"id", "region_id"}},
                                        {"tax_provider", {"id"}},
                                        {"product_tax_rate", {"product_id"}},
                                        {"product_type_tax_rate", {"product_type_id"}},
                                        {"shipping_tax_rate", {"shipping_option_id"}},
                                        // Regions and shipping.
                                        {"region", {"id"}},
                                        {"country", {"id", "iso_2", "region_id"}},
                                        {"currency", {"code"}},
                                        {"region_payment_providers", {"region_id"}},
                                        {"payment_provider", {"id"}},
                                        {"region_fulfillment_providers", {"region_id"}},
                                        {"fulfillment_provider", {"id"}},
                                        {"shipping_option", {"id", "region_id", "profile_id"}},
                                        {"shipping_option_requirement", {"shipping_option_id"}},
                                        // Discounts' own terms.
                                        {"discount_rule", {"id"}},
                                        {"discount_condition", {"discount_rule_id"}},
                                        {"discount_regions", {"discount_id"}}};
  return tables;
}

std::string_view next_watched_change() {
  return "SELECT min(at) FROM (SELECT starts_at AS at FROM price_list WHERE starts_at > now() UNION ALL SELECT ends_at "
         "FROM price_list WHERE ends_at > now()) AS bounds";
}

bool shows_watched(const http::Context& context, const query::Read& read) {
  return are_watched(*read.entity, read.selection) &&
         std::ranges::all_of(read.order, [&](const query::Order& order) { return are_watched(*read.entity, order); }) &&
         !context.query()["discount_condition_id"].truthy();
}

} // namespace commerce
