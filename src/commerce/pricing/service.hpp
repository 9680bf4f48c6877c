// Prices of variants, loaded and selected: for product lists and for line items. A constant number of statements,
// whatever the number of variants. Called by catalogue and cart, on the request's fiber.
#pragma once
#include "commerce/catalogue/tables.hpp"
#include "commerce/pricing/pricing.hpp"
#include "commerce/tax/rates.hpp"
#include "db/batch.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"

namespace commerce::pricing {

// For whom and where prices are asked.
struct Asked {
  std::optional<std::string> region_id{};
  std::optional<std::string> currency_code{}; // ignored where a region is given: its own counts
  std::optional<std::string> customer_id{};
  bool include_discount_prices = false;
};

// What a price depends on besides the rows of the prices.
using tax::RegionFacts;

// A variant, and the product whose tax rates count.
struct PricedVariant {
  std::string id, product_id;
};
// Whether the taxes on the prices are shown.
enum class Taxes { hidden, shown };

// The candidate prices of some variants. Pages and carts ask here alike, so that both come to the same price: where prices
// with and without tax are compared, each is taken with the rates that its own product has in the region. 1.20 takes those
// of the first product, or none.
class VariantPrices {
 public:
  // Loads all that is asked about these variants, in one round trip. Throws not_found for an unknown region.
  static VariantPrices load(ports::Call& call, const Asked& asked, const std::vector<PricedVariant>& variants,
                            Taxes taxes = Taxes::hidden);

  const std::optional<RegionFacts>& region() const { return region_; }
  // Candidates of a variant; empty when it has none.
  const std::vector<Price>& of(std::string_view variant_id) const;
  // Medusa 1.20: PriceSelectionStrategy.calculateVariantPrice.
  Selection select(std::string_view variant_id, std::optional<double> quantity) const;
  // The rates of a variant's product; nullopt where they weren't needed, or no region is known.
  std::optional<std::vector<tax::Rate>> rates(std::string_view variant_id) const;
  // JSON of the candidates as responses show them.
  std::string json(std::string_view variant_id) const;

 private:
  Asked asked_;
  tax::Inclusive inclusive_ = tax::Inclusive::off;
  std::optional<RegionFacts> region_;
  std::optional<tax::RegionRates> rates_;
  base::StringMap<std::string> product_of_; // by variant
  db::Batch::Slot rows_;
  base::StringMap<std::vector<Price>> by_variant_;
};

// Medusa 1.20: PricingService.setProductPrices and .setVariantPrices. Computes prices, original_price, calculated_price and
// their taxes on variant rows; a row without candidates stays as it is. Returns the ids of those.
std::vector<std::string> decorate_variants(ports::Call& call, const Asked& asked,
                                           const std::vector<query::RowOf<table::ProductVariant>>& variants);

// To be called where prices of variants are changed: what a Medusa beside us has cached of them goes.
// Medusa 1.20: PriceSelectionStrategy.onVariantsPricesUpdate
void prices_changed(ports::Call& call, const std::vector<std::string>& variant_ids);
// The same where it may concern all variants: whether a region's or a currency's prices include taxes.
void prices_changed(ports::Call& call);

} // namespace commerce::pricing
