// Prices on variant rows by the price context of a storefront's request (cart_id, region_id, currency_code, customer).
// Called by the catalogue's store routes, on the request's fiber.
#pragma once
#include "commerce/pricing/service.hpp"
#include "http/http.hpp"
#include "query/query.hpp"

namespace commerce::catalogue {

// Variants come in the order of their rank (Medusa 1.20: ProductRepository).
void order_variants(query::Selection& product);
// The price rows of a variant are what pricing selects, not what the relation holds: it computes the member itself.
void leave_prices_to_pricing(query::Selection& product);
// For whom and where the request asks prices.
pricing::Asked price_context(http::Context& context);
// Computes the price members. Medusa 1.20: PricingService.setProductPrices and .setVariantPrices.
void add_product_prices(http::Context& context, const std::vector<query::Row>& variants);
void add_variant_prices(http::Context& context, const std::vector<query::Row>& variants);

} // namespace commerce::catalogue
