#include "commerce/shipping/options.hpp"
#include "base/error.hpp"
#include "commerce/pricing/pricing.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/tax/rates.hpp"
#include "db/batch.hpp"
#include "ports/fulfillment_provider.hpp"
#include "query/row_of.hpp"
#include <algorithm>

namespace commerce::shipping {

using base::Error;
using base::Json;

void Refusal::raise() const {
  if (why == Why::region) throw Error::invalid_data("The shipping option is not available in the cart's region");
  throw Error::not_allowed("The Cart does not satisfy the shipping option's requirements");
}

std::optional<Refusal> refusal(const query::RowOf<table::ShippingOption>& option, const CartFacts& cart) {
  if (option.boolean("is_return")) return std::nullopt;
  if (option.text("region_id") != cart.region_id) return Refusal{Refusal::Why::region};
  const double amount =
      cart.inclusive && option.boolean("includes_tax") ? cart.subtotal + cart.item_tax_total : cart.subtotal;
  for (const auto& requirement : option.many<table::ShippingOptionRequirement>("requirements")) {
    const auto bound = static_cast<double>(requirement.integer("amount"));
    const std::string_view type = requirement.text("type");
    if ((type == "max_subtotal" && !(bound > amount)) || (type == "min_subtotal" && !(bound <= amount)))
      return Refusal{Refusal::Why::requirements};
  }
  return std::nullopt;
}

void add_prices(ports::Call& call, const std::vector<query::RowOf<table::ShippingOption>>& options,
                const std::vector<base::Amount>& agreed, Priced priced) {
  if (options.empty()) return;
  std::vector<std::string> ids, region_ids;
  for (const auto& option : options) {
    ids.push_back(option.str("id"));
    const auto region = priced.region ? option.str("region_id") : std::string();
    if (std::find(region_ids.begin(), region_ids.end(), region) == region_ids.end()) region_ids.push_back(region);
  }
  db::Batch batch;
  const auto regions = tax::ask_regions(batch, region_ids);
  const auto option_rates = tax::ask_shipping_option_rates(batch, ids);
  batch.run(call.db());
  base::StringMap<tax::RegionRates> taxed; // regions that tax automatically
  for (int row = 0; row < regions->rows(); row++) {
    if (!regions->boolean(row, 2) || !regions->is_null(row, 4)) continue;
    auto& rates = taxed[std::string(regions->text(row, 0))];
    rates.default_rate = regions->number(row, 3);
    tax::add_shipping_option_rates(rates, *option_rates);
  }
  const bool flag = call.on(schema::Flag::tax_inclusive_pricing);
  for (std::size_t i = 0; i < options.size(); i++) {
    const auto& option = options[i];
    std::optional<base::Amount> amount;
    if (!agreed.empty())
      amount = agreed[i];
    else if (priced.amount)
      amount = option.optional_integer("amount");
    if (!agreed.empty()) option.compute("amount", Json(amount));
    std::vector<tax::Rate> rates;
    if (const auto region = taxed.find(priced.region ? option.text("region_id") : ""); region != taxed.end())
      rates = region->second.for_shipping_option(option.text("id"));
    const auto price =
        pricing::tax_shipping(amount, rates,
                              flag && priced.includes_tax && option.boolean("includes_tax") ? pricing::IncludesTax::yes
                                                                                            : pricing::IncludesTax::no,
                              flag ? tax::Inclusive::on : tax::Inclusive::off);
    option.compute("price_incl_tax", Json(price.price_incl_tax));
    base::JsonArray shown;
    for (const auto& rate : rates)
      shown.emplace_back(base::JsonObject{{"rate", rate.rate}, {"name", rate.name}, {"code", rate.code}});
    option.compute("tax_rates", Json(std::move(shown)));
    option.compute("tax_amount", Json(price.tax_amount));
  }
}

base::Amount price_of(ports::Call& call, const query::RowOf<table::ShippingOption>& option, const Json& data,
                      const Json& cart) {
  if (option.text("price_type") == "calculated")
    return ports::fulfillment_provider(option.text("provider_id"))
        .calculate_price(call, option.json("data"), data, cart);
  return option.integer("amount");
}

} // namespace commerce::shipping
