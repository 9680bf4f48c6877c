#include "commerce/product_profiles.hpp"
#include "commerce/catalogue/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include "query/row_of.hpp"

namespace commerce {
namespace {

void show_profiles_of(const std::vector<query::RowOf<table::Product>>& products) {
  for (const auto& product : products) {
    if (!product.has("profiles")) return;
    const auto profile = product.one<table::ShippingProfile>("profiles");
    if (profile) product.compute_behind("profiles", "profile", query::row_json(*profile));
    product.compute_behind("profiles", "profile_id", profile ? base::Json(profile->id()).dump() : "null");
  }
}

void show_below(const query::Node& node) {
  if (node.entity().name == table::Product::name) show_profiles_of(node.rows<table::Product>());
  for (const auto& relation : node.entity().relations)
    if (const auto* child = node.child(relation.name)) show_below(*child);
}

} // namespace

void show_profiles(const query::Tree& tree) {
  if (tree.root) show_below(*tree.root);
}

} // namespace commerce
