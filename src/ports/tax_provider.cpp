#include "ports/tax_provider.hpp"
#include "base/error.hpp"

namespace ports {
namespace {

std::vector<std::unique_ptr<TaxProvider>>& table() {
  static std::vector<std::unique_ptr<TaxProvider>> providers;
  return providers;
}

} // namespace

void add_tax_provider(std::unique_ptr<TaxProvider> provider) {
  for (auto& known : table())
    if (known->id() == provider->id()) {
      known = std::move(provider);
      return;
    }
  table().push_back(std::move(provider));
}

const TaxProvider& tax_provider(std::string_view id) {
  for (const auto& provider : table())
    if (provider->id() == id) return *provider;
  throw base::Error::not_found("Could not find a tax provider with id: " + std::string(id));
}

} // namespace ports
