#include "commerce/catalogue/price_context.hpp"
#include "base/error.hpp"
#include "commerce/pricing/tables.hpp"

namespace commerce::catalogue {
namespace {

std::optional<std::string> asked_text(const base::Json& query, std::string_view name) {
  const auto& value = query[name];
  return value.is_string() && !value.as_string().empty() ? std::optional(value.as_string()) : std::nullopt;
}

} // namespace

void order_variants(query::Selection& product) {
  if (auto* variants = product.child("variants")) variants->order_by = "t.variant_rank ASC";
}

void leave_prices_to_pricing(query::Selection& product) {
  if (auto* variants = product.child("variants")) leave_variant_prices_to_pricing(variants->selection);
}

pricing::Asked price_context(ports::Call& call, const base::Json& query) {
  pricing::Asked asked{.region_id = asked_text(query, "region_id"),
                       .currency_code = asked_text(query, "currency_code"),
                       .customer_id = call.identity.customer_id,
                       .include_discount_prices = true};
  if (const auto cart = asked_text(query, "cart_id")) {
    static const db::Statement region_of_cart("SELECT region_id FROM cart WHERE id = $1 AND deleted_at IS NULL");
    const auto found = call.db().run(region_of_cart, db::Params::of(*cart));
    if (found.empty()) throw base::Error::not_found("Cart with " + *cart + " was not found");
    asked.region_id = std::string(found.text(0, 0));
  }
  return asked;
}

void add_stored_prices(ports::Call& call, const std::vector<query::RowOf<table::ProductVariant>>& variants,
                       const std::vector<std::string>& ids) {
  if (ids.empty()) return;
  static const auto& entity = schema::get("ProductVariant");
  query::Selection selection;
  selection.fields = {"id"};
  selection.with("prices");
  const auto tree = query::read(
      call.db(), call.flags, {.entity = &entity, .selection = selection, .where = {{"id", query::Operator::in, ids}}});
  for (const auto& priced : tree.rows<table::ProductVariant>()) {
    const auto row =
        std::find_if(variants.begin(), variants.end(), [&](const auto& v) { return v.id() == priced.id(); });
    std::string prices;
    base::JsonWriter writer(prices);
    query::write_rows(writer, priced.many<table::MoneyAmount>("prices"));
    row->compute("prices", std::move(prices));
  }
}

void add_product_prices(ports::Call& call, const pricing::Asked& asked,
                        const std::vector<query::RowOf<table::ProductVariant>>& variants) {
  // Quirk: a variant without a price for the context shows all its prices, whatever their region and currency.
  add_stored_prices(call, variants, pricing::decorate_variants(call, asked, variants));
}

std::vector<std::string> add_variant_prices(ports::Call& call, const pricing::Asked& asked,
                                            const std::vector<query::RowOf<table::ProductVariant>>& variants) {
  return pricing::decorate_variants(call, asked, variants);
}

void leave_variant_prices_to_pricing(query::Selection& variant) {
  std::erase_if(variant.children, [](const auto& child) { return child.relation == "prices"; });
  variant.hidden = {"product_id"}; // whose tax rates count
}

} // namespace commerce::catalogue
