// Reads the rates of a region for products and shipping options in one statement each. Called by pricing and
// tax, on the request's fiber; the queries can travel in a caller's batch.
#pragma once
#include "commerce/tax/tax.hpp"
#include "db/db.hpp"
#include <string_view>
#include <vector>

namespace commerce::tax {

// Medusa 1.20: TaxRateService.listByProduct. Columns: owner, source ('product' or 'type'), then the rate's.
db::Command product_rates(std::string_view region_id, const std::vector<std::string>& product_ids);
void add_product_rates(RegionRates& rates, const db::Result& rows);
// Medusa 1.20: TaxRateService.listByShippingOption.
db::Command shipping_option_rates(const std::vector<std::string>& option_ids);
void add_shipping_option_rates(RegionRates& rates, const db::Result& rows);

// The rates for all products and shipping options of a cart, found by its id alone, so that they can travel
// with the statements that read it: a query for products, one for shipping options.
std::vector<db::Command> rates_of_cart(std::string_view cart_id);

} // namespace commerce::tax
