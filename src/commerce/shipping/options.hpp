// Shipping options: what they cost with taxes, and whether a cart may use them.
// Called by the store routes here and by cart, on the fiber of the request.
#pragma once
#include "base/money.hpp"
#include "commerce/shipping/tables.hpp"
#include "http/http.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <optional>
#include <string>
#include <vector>

namespace commerce::shipping {

// A cart as the requirements see it.
struct CartFacts {
  std::string region_id;
  double subtotal = 0, item_tax_total = 0;
  bool inclusive = false; // the flag tax_inclusive_pricing
};
// Medusa 1.20: ShippingOptionService.validateCartOption. Null when the cart may use the option (with its requirements
// loaded), else what speaks against it. Options for returns are not looked at.
struct Refusal {
  enum class Why { region, requirements } why;
  [[noreturn]] void raise() const;
};
std::optional<Refusal> refusal(const query::RowOf<table::ShippingOption>& option, const CartFacts& cart);

// Medusa 1.20: PricingService.setShippingOptionPrices. Computes price_incl_tax, tax_rates and tax_amount. `agreed`, where
// given, holds the price of each option in the place of its amount, and is shown.
// Quirk: what a list's `fields` leave out counts as none.
struct Priced {
  bool amount = true, region = true, includes_tax = true;
};
void add_prices(ports::Call& call, const std::vector<query::RowOf<table::ShippingOption>>& options,
                const std::vector<base::Amount>& agreed = {}, Priced priced = {});

// Medusa 1.20: ShippingOptionService.getPrice_ of a method that is to be made with this data.
base::Amount price_of(ports::Call& call, const query::RowOf<table::ShippingOption>& option, const base::Json& data,
                      const base::Json& cart);

http::Routes store_routes();

} // namespace commerce::shipping
