#include "ports/fulfillment_provider.hpp"
#include "base/error.hpp"

namespace ports {
namespace {

std::vector<std::unique_ptr<FulfillmentProvider>>& table() {
  static std::vector<std::unique_ptr<FulfillmentProvider>> providers;
  return providers;
}

} // namespace

void add_fulfillment_provider(std::unique_ptr<FulfillmentProvider> provider) {
  for (auto& known : table())
    if (known->id() == provider->id()) {
      known = std::move(provider);
      return;
    }
  table().push_back(std::move(provider));
}

const FulfillmentProvider& fulfillment_provider(std::string_view id) {
  for (const auto& provider : table())
    if (provider->id() == id) return *provider;
  throw base::Error::not_found("Could not find a fulfillment provider with id: " + std::string(id));
}

std::vector<std::string> fulfillment_provider_ids() {
  std::vector<std::string> ids;
  for (const auto& provider : table()) ids.emplace_back(provider->id());
  return ids;
}

} // namespace ports
