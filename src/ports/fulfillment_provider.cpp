#include "ports/fulfillment_provider.hpp"
#include "ports/provider_table.hpp"

namespace ports {
namespace {

ProviderTable<FulfillmentProvider>& table() {
  static ProviderTable<FulfillmentProvider> providers("fulfillment");
  return providers;
}

} // namespace

void add_fulfillment_provider(std::unique_ptr<FulfillmentProvider> provider) { table().add(std::move(provider)); }
void add_fulfillment_providers(Elsewhere<FulfillmentProvider> elsewhere) { table().add(std::move(elsewhere)); }

const FulfillmentProvider& fulfillment_provider(std::string_view id) { return table().get(id); }

std::vector<std::string> fulfillment_provider_ids() { return table().ids(); }

} // namespace ports
