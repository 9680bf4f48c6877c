// Whoever ships the goods: what a fulfilment plugin provides, and the table of those that are installed.
// Owns: the table, filled at start by app and read-only afterwards (any thread). A provider's functions run on the
// fiber of the request, inside the transaction of the step.
// Medusa 1.20: AbstractFulfillmentService, as FulfillmentProviderService calls it.
#pragma once
#include "base/json.hpp"
#include "base/money.hpp"
#include "ports/call.hpp"
#include "ports/provider_table.hpp"
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ports {

class FulfillmentProvider {
 public:
  virtual ~FulfillmentProvider() = default;
  virtual std::string_view id() const = 0;
  // The ways of shipping that the shop may make options of.
  virtual base::Json options(Call& call) const = 0;
  virtual bool validate_option(Call& call, const base::Json& option_data) const = 0;
  // What the shopper sent with the choice of an option becomes the data of the shipping method; throws what is wrong.
  virtual base::Json validate_data(Call& call, const base::Json& option_data, const base::Json& data,
                                   const base::Json& cart) const = 0;
  virtual bool can_calculate(Call& call, const base::Json& option_data) const = 0;
  virtual base::Amount calculate_price(Call& call, const base::Json& option_data, const base::Json& data,
                                       const base::Json& cart) const = 0;
  // Each returns the data that the fulfillment or return keeps.
  virtual base::Json create_fulfillment(Call& call, const base::Json& method_data, const base::Json& items,
                                        const base::Json& order, const base::Json& fulfillment) const = 0;
  virtual base::Json cancel_fulfillment(Call& call, const base::Json& fulfillment_data) const = 0;
  virtual base::Json create_return(Call& call, const base::Json& return_order) const = 0;
};

void add_fulfillment_provider(std::unique_ptr<FulfillmentProvider> provider);
void add_fulfillment_providers(Elsewhere<FulfillmentProvider> elsewhere);
// Throws not_found for an id without a provider.
const FulfillmentProvider& fulfillment_provider(std::string_view id);
std::vector<std::string> fulfillment_provider_ids();

} // namespace ports
