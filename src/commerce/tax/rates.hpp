// Reads the rates of products and shipping options, and what of regions says how they are taxed, in one statement each, whose
// answers are kept (db::KeptRows). Called by pricing, shipping, cart and tax, on the request's fiber; the questions travel in a
// caller's batch.
#pragma once
#include "commerce/tax/tax.hpp"
#include "db/batch.hpp"
#include <optional>
#include <string>
#include <vector>

namespace commerce::tax {

// Medusa 1.20: TaxRateService.listByProduct. Of all regions; the rates that are added are those of `rates.region_id`.
db::Batch::Slot ask_product_rates(db::Batch& batch, std::vector<std::string> product_ids);
void add_product_rates(RegionRates& rates, const db::Result& found);
// Medusa 1.20: TaxRateService.listByShippingOption.
db::Batch::Slot ask_shipping_option_rates(db::Batch& batch, std::vector<std::string> option_ids);
void add_shipping_option_rates(RegionRates& rates, const db::Result& found);

// Of each region: id, currency_code, automatic_taxes, tax_rate (percent), deleted_at.
db::Batch::Slot ask_regions(db::Batch& batch, std::vector<std::string> region_ids);
struct RegionFacts {
  std::string id, currency_code;
  bool automatic_taxes = false;
  double tax_rate = 0; // percent
};
// Of the first one found; none where it is deleted.
std::optional<RegionFacts> region_facts(const db::Result& found);

} // namespace commerce::tax
