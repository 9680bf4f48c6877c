// Prices on variant rows, and the price context of a storefront's request (cart_id, region_id, currency_code, customer).
// Called by the catalogue's routes, on the request's fiber.
#pragma once
#include "commerce/catalogue/tables.hpp"
#include "commerce/pricing/service.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"

namespace commerce::catalogue {

// Variants come in the order of their rank (Medusa 1.20: ProductRepository).
void order_variants(query::Selection& product);
// The price rows of a variant are what pricing selects, not what the relation holds: it computes the member itself.
void leave_prices_to_pricing(query::Selection& product);
void leave_variant_prices_to_pricing(query::Selection& variant);
// For whom and where a request asks prices: who asks is known to the call, where is said by the query.
pricing::Asked price_context(ports::Call& call, const base::Json& query);
// Computes the price members. Medusa 1.20: PricingService.setProductPrices and .setVariantPrices.
void add_product_prices(ports::Call& call, const pricing::Asked& asked,
                        const std::vector<query::RowOf<table::ProductVariant>>& variants);
// Gives the ids of those that have no price there.
std::vector<std::string> add_variant_prices(ports::Call& call, const pricing::Asked& asked,
                                            const std::vector<query::RowOf<table::ProductVariant>>& variants);
// Computes the member prices of these variants as all the prices that they have.
void add_stored_prices(ports::Call& call, const std::vector<query::RowOf<table::ProductVariant>>& variants,
                       const std::vector<std::string>& ids);

} // namespace commerce::catalogue
