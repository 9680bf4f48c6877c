#include "ports/tax_provider.hpp"
#include "ports/provider_table.hpp"

namespace ports {
namespace {

ProviderTable<TaxProvider>& table() {
  static ProviderTable<TaxProvider> providers("tax");
  return providers;
}

} // namespace

void add_tax_provider(std::unique_ptr<TaxProvider> provider) { table().add(std::move(provider)); }
void add_tax_providers(Elsewhere<TaxProvider> elsewhere) { table().add(std::move(elsewhere)); }

const TaxProvider& tax_provider(std::string_view id) { return table().get(id); }

} // namespace ports
