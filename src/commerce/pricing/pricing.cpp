#include "commerce/pricing/pricing.hpp"
#include <algorithm>

namespace commerce::pricing {

namespace {

// Medusa 1.20: isValidQuantity. A bound of 0 counts as no bound.
bool quantity_fits(const Price& price, const std::optional<double>& quantity) {
  const auto low = price.min_quantity.value_or(0), high = price.max_quantity.value_or(0);
  if (!quantity) return low == 0;
  return (low == 0 || static_cast<double>(low) <= *quantity) && (high == 0 || static_cast<double>(high) >= *quantity);
}

// Is `amount` cheaper than what has been found so far?
bool cheaper(base::Amount amount, const Selection& found, bool includes_tax, const std::optional<double>& fraction,
             tax::Inclusive inclusive) {
  if (!found.calculated_price) return true;
  const auto price = static_cast<double>(amount), best = static_cast<double>(*found.calculated_price);
  if (inclusive == tax::Inclusive::off || includes_tax == found.calculated_includes_tax.value_or(false))
    return price < best;
  if (!fraction) return false;
  return includes_tax ? price < (1 + *fraction) * best : (1 + *fraction) * price < best;
}

// How a price belongs to where the variant is bought. What one region asks is no price of another region of its currency;
// where no region is known, it counts as one of the currency.
struct Place {
  bool of_region, of_currency;
};
Place place_of(const Price& price, const Context& context) {
  const bool of_region = context.region_id && price.region_id == context.region_id;
  const bool elsewhere = context.region_id && price.region_id && !of_region;
  return {of_region, !elsewhere && context.currency_code && price.currency_code == *context.currency_code};
}

} // namespace

std::string_view price_type_name(PriceType type) {
  switch (type) {
  case PriceType::sale: return "sale";
  case PriceType::override_price: return "override";
  case PriceType::standard: break;
  }
  return "default";
}

bool is_candidate(const Price& price, const Context& context) {
  // 1. Its price list must be published, and its time have come and not passed.
  const PriceList* list = price.price_list ? &*price.price_list : nullptr;
  if (list) {
    if (list->status != PriceListStatus::active) return false;
    if (list->ends_at && *list->ends_at <= context.now) return false;
    if (list->starts_at && *list->starts_at >= context.now) return false;
  }
  // 2. It must be of the region or of the currency; when neither is known, lists count only where they were
  // asked for.
  if (context.region_id || context.currency_code) {
    const auto [of_region, of_currency] = place_of(price, context);
    if (!of_region && !of_currency) return false;
  } else if (list && !context.customer_id && !context.include_discount_prices) {
    return false;
  }
  // 3. A list for groups is for their members only.
  if (!list || list->customer_groups.empty()) return true;
  if (!context.customer_id) return false;
  return std::any_of(list->customer_groups.begin(), list->customer_groups.end(), [&](const std::string& group) {
    return std::find(context.customer_groups.begin(), context.customer_groups.end(), group) !=
           context.customer_groups.end();
  });
}

Selection select(const std::vector<Price>& prices, const Context& context, tax::Inclusive inclusive) {
  Selection found;
  const bool flagged = inclusive == tax::Inclusive::on;
  std::optional<double> fraction;
  if (context.tax_rates) fraction = tax::combined(*context.tax_rates);
  for (const Price& price : prices) {
    // 1. Does it include tax? The price list says so, else the region, else the currency.
    const bool includes_tax = flagged && ((price.price_list && price.price_list->includes_tax) ||
                                          price.region_includes_tax || price.currency_includes_tax);
    const auto [of_region, of_currency] = place_of(price, context);
    // 2. The original price: of no list and for any quantity; that of the region goes before that of the
    // currency.
    const bool plain = !price.price_list && !price.min_quantity && !price.max_quantity;
    if (plain && (of_region || (of_currency && !found.original_price))) {
      found.original_price = price.amount;
      if (flagged) found.original_includes_tax = includes_tax;
    }
    // 3. The calculated price: the cheapest for this quantity.
    if ((of_region || of_currency) && quantity_fits(price, context.quantity) &&
        cheaper(price.amount, found, includes_tax, fraction, inclusive)) {
      found.calculated_price = price.amount;
      found.calculated_price_type = price.price_list ? price.price_list->type : PriceType::standard;
      found.calculated_price_list_id =
          price.price_list ? std::optional<std::string>(price.price_list->id) : std::nullopt;
      if (flagged) found.calculated_includes_tax = includes_tax;
    }
  }
  return found;
}

TaxedPrices tax_prices(const Selection& selection, const std::vector<tax::Rate>& rates, tax::Inclusive inclusive) {
  TaxedPrices taxed;
  const double fraction = tax::combined(rates);
  const auto fill = [&](const std::optional<base::Amount>& price, const std::optional<bool>& includes_tax,
                        std::optional<double>& tax, std::optional<double>& incl_tax) {
    if (!price) return;
    const bool gross = inclusive == tax::Inclusive::on && includes_tax.value_or(false);
    const auto amount = static_cast<double>(*price);
    tax = base::js_round(tax::tax_amount(amount, fraction, gross ? tax::PriceKind::gross : tax::PriceKind::net));
    incl_tax = gross ? amount : amount + *tax;
  };
  fill(selection.calculated_price, selection.calculated_includes_tax, taxed.calculated_tax, taxed.calculated_incl_tax);
  fill(selection.original_price, selection.original_includes_tax, taxed.original_tax, taxed.original_incl_tax);
  return taxed;
}

ShippingPrice tax_shipping(std::optional<base::Amount> amount, const std::vector<tax::Rate>& rates,
                           IncludesTax includes_tax, tax::Inclusive inclusive) {
  const auto price = static_cast<double>(amount.value_or(0));
  const bool gross = inclusive == tax::Inclusive::on && includes_tax == IncludesTax::yes;
  const double tax =
      base::js_round(tax::tax_amount(price, tax::combined(rates), gross ? tax::PriceKind::gross : tax::PriceKind::net));
  return {gross ? price : price + tax, tax};
}

} // namespace commerce::pricing
