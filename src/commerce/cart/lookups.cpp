#include "commerce/cart/lookups.hpp"
#include "base/error.hpp"
#include "commerce/cart/line_items.hpp"
#include "commerce/pricing/service.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/tax/rates.hpp"
#include "db/batch.hpp"
#include "query/row_of.hpp"

namespace commerce::cart {

using base::Json;

std::vector<VariantPrice> prices_of(ports::Call& call, const Buyer& buyer,
                                    const std::vector<PriceQuestion>& questions) {
  std::vector<VariantPrice> answers;
  if (questions.empty()) return answers;
  std::vector<pricing::PricedVariant> variants;
  for (const auto& question : questions) variants.push_back({question.variant_id, question.product_id});
  const auto prices = pricing::VariantPrices::load(
      call, {.region_id = buyer.region_id, .customer_id = buyer.customer_id, .include_discount_prices = true},
      variants);
  for (const auto& question : questions) {
    const auto selected = prices.select(question.variant_id, static_cast<double>(question.quantity));
    answers.push_back({selected.calculated_price, selected.calculated_includes_tax.value_or(false)});
  }
  return answers;
}

void add_tax_lines(const State& state, std::vector<totals::Item>& items) {
  std::vector<tax::ItemToTax> to_tax;
  std::vector<std::string> products;
  for (const auto& row : state.items.all()) {
    const std::string product = state.product_of(row);
    to_tax.push_back(
        {row["id"].as_string(), product.empty() ? std::nullopt : std::optional(product), row["is_return"].truthy()});
    if (!product.empty()) products.push_back(product);
  }
  const std::string region_id = state.text("region_id");
  db::Batch batch;
  const auto region = tax::ask_regions(batch, {region_id});
  const auto product_rates = tax::ask_product_rates(batch, products);
  batch.run(state.call->db());
  tax::RegionRates rates;
  rates.region_id = region_id;
  rates.default_rate = region->empty() ? 0 : region->number(0, 3);
  tax::add_product_rates(rates, *product_rates);
  for (auto& item : items) item.tax_lines.emplace();
  for (auto& line : tax::system_lines(to_tax, {}, rates).of_items)
    for (auto& item : items)
      if (item.id == line.owner) item.tax_lines->push_back(line);
}

std::vector<GiftCardFacts> gift_cards_by_code(ports::Call& call, const std::vector<std::string>& codes) {
  static const db::Statement statement(
      "SELECT id, code, region_id, is_disabled FROM gift_card WHERE code = ANY($1) AND deleted_at IS NULL");
  const auto rows = call.db().run(statement, db::Params::of(codes));
  std::vector<GiftCardFacts> cards;
  for (int row = 0; row < rows.rows(); row++)
    cards.push_back({std::string(rows.text(row, 0)), std::string(rows.text(row, 1)), std::string(rows.text(row, 2)),
                     rows.boolean(row, 3)});
  return cards;
}

std::optional<base::Amount> method_option_amount(const State& state, const Json& method) {
  for (const auto& loaded : state.row().many<table::ShippingMethod>("shipping_methods"))
    if (loaded.id() == method["id"].as_string())
      if (const auto option = loaded.one<table::ShippingOption>("shipping_option"))
        return option->optional_integer("amount");
  return std::nullopt;
}

} // namespace commerce::cart
