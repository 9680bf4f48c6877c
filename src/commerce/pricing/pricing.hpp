// Price selection: which of a variant's prices is the original one and which one a customer pays.
// Pure: structs in, structs out; no database, any thread. Called by pricing/service and, through it, by
// catalogue and cart.
#pragma once
#include "base/money.hpp"
#include "base/time.hpp"
#include "commerce/tax/tax.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::pricing {

enum class PriceType { standard, sale, override_price };
std::string_view price_type_name(PriceType type); // "default", "sale", "override"

enum class PriceListStatus { active, draft };

struct PriceList {
  std::string id{};
  PriceType type = PriceType::sale;
  PriceListStatus status = PriceListStatus::active;
  std::optional<base::Instant> starts_at{}, ends_at{};
  bool includes_tax = false;
  std::vector<std::string> customer_groups{}; // empty: for everybody
};

// A row of money_amount with what it hangs on.
struct Price {
  std::string id{};
  base::Amount amount = 0;
  std::string currency_code{};
  std::optional<std::string> region_id{};
  std::optional<std::int64_t> min_quantity{}, max_quantity{};
  std::optional<PriceList> price_list{};
  bool currency_includes_tax = false, region_includes_tax = false; // looked at with the flag only
  std::size_t row = 0; // the caller's own mark, for example the row of the result it came from
};

struct Context {
  std::optional<std::string> region_id{};
  std::optional<std::string> currency_code{}; // the region's where there is one
  std::optional<std::string> customer_id{};
  std::vector<std::string> customer_groups{}; // that customer's
  std::optional<double> quantity{};
  bool include_discount_prices = false;
  // Tax rates of the product; nullopt: unknown, so that net and gross prices can't be compared.
  std::optional<std::vector<tax::Rate>> tax_rates{};
  base::Instant now{};
};

// Medusa 1.20: MoneyAmountRepository.findManyForVariantsInRegion. May this price be shown at all? Not as there, a price of
// another region is none, also where both regions have one currency.
bool is_candidate(const Price& price, const Context& context);

struct Selection {
  std::optional<base::Amount> original_price, calculated_price;
  std::optional<bool> original_includes_tax, calculated_includes_tax; // null without the flag
  std::optional<PriceType> calculated_price_type;
  std::optional<std::string> calculated_price_list_id; // of the calculated price
};
// Medusa 1.20: PriceSelectionStrategy.calculateVariantPrice. `prices`: all candidates of one variant, in the
// order in which the database gave them (among equal amounts the first one wins).
Selection select(const std::vector<Price>& prices, const Context& context, tax::Inclusive inclusive);

// Medusa 1.20: PricingService.calculateTaxes.
struct TaxedPrices {
  std::optional<double> original_tax, calculated_tax, original_incl_tax, calculated_incl_tax;
};
TaxedPrices tax_prices(const Selection& selection, const std::vector<tax::Rate>& rates, tax::Inclusive inclusive);

// Medusa 1.20: PricingService.getShippingOptionPricing. `rates`: none unless the region taxes automatically.
struct ShippingPrice {
  double price_incl_tax = 0, tax_amount = 0;
};
enum class IncludesTax { no, yes }; // the column of that name
ShippingPrice tax_shipping(std::optional<base::Amount> amount, const std::vector<tax::Rate>& rates,
                           IncludesTax includes_tax, tax::Inclusive inclusive);

} // namespace commerce::pricing
