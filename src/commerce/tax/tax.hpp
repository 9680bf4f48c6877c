// Tax arithmetic: which rates hold for a product or a shipping option, the lines they make, and what they
// amount to. Pure: structs in, structs out; no database, any thread. Called by pricing, totals, discount,
// cart and order. Amounts are JavaScript doubles here, rounded exactly where 1.20 rounds.
#pragma once
#include "base/strings.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::tax {

// The feature flag tax_inclusive_pricing. Prices marked `includes_tax` count as such only while it is on.
enum class Inclusive { off, on };

// A rate as the system provider sees it: percent (19 is 19 %).
struct Rate {
  std::optional<double> rate; // null counts as 0
  std::string name;
  std::optional<std::string> code;
  std::string id{}; // "" for the region's default rate
  // JSON of the whole row as product responses show it; empty for the default, which shows {rate, name,
  // code}.
  std::string row_json{};

  static Rate region_default(double region_tax_rate) { return {region_tax_rate, "default", "default"}; }
};

// One tax line of a line item or of a shipping method.
struct Line {
  std::string owner; // item_id or shipping_method_id
  double rate = 0;   // percent
  std::string name;
  std::optional<std::string> code{};
};

// The rates of a region: its default, and what products (own rates first, then those of their type, without
// repetition) and shipping options override. Filled by tax/service.
struct RegionRates {
  std::string region_id;
  double default_rate = 0;
  base::StringMap<std::vector<Rate>> of_product;         // by product id; missing or empty: the default
  base::StringMap<std::vector<Rate>> of_shipping_option; // by shipping option id; missing or empty: the default

  std::vector<Rate> for_product(std::string_view product_id) const;
  std::vector<Rate> for_shipping_option(std::string_view option_id) const;
};

// Rates as a fraction: 19 % and 5 % are 0.24.
double combined(const std::vector<Rate>& rates);
double combined(const std::vector<Line>& lines);

enum class PriceKind { net, gross };
// The tax on a net price, or the tax within a gross one; not rounded. `fraction` is 0.19 for 19 %.
double tax_amount(double price, double fraction, PriceKind kind = PriceKind::net);

// Own rates first, then those of the type whose id has not been seen.
std::vector<Rate> unite(std::vector<Rate> own, const std::vector<Rate>& of_type);

// What the system provider needs to know of a line item or shipping method.
struct ItemToTax {
  std::string id;
  std::optional<std::string> product_id; // of its variant; null for custom items, which get no lines
  bool is_return = false;                // gets no lines
};
struct MethodToTax {
  std::string id, shipping_option_id;
};
// Medusa 1.20: SystemTaxService.getTaxLines over TaxProviderService.getTaxLines. Items first, then methods.
struct Lines {
  std::vector<Line> of_items, of_methods;
};
Lines system_lines(const std::vector<ItemToTax>& items, const std::vector<MethodToTax>& methods,
                   const RegionRates& rates);

} // namespace commerce::tax
