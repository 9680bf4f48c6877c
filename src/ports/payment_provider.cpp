#include "ports/payment_provider.hpp"
#include "ports/provider_table.hpp"

namespace ports {
namespace {

ProviderTable<PaymentProvider>& table() {
  static ProviderTable<PaymentProvider> providers("payment");
  return providers;
}

} // namespace

void add_payment_provider(std::unique_ptr<PaymentProvider> provider) { table().add(std::move(provider)); }
void add_payment_providers(Elsewhere<PaymentProvider> elsewhere) { table().add(std::move(elsewhere)); }

const PaymentProvider& payment_provider(std::string_view id) { return table().get(id); }

const PaymentProvider* find_payment_provider(std::string_view id) { return table().find(id); }

std::vector<std::string> payment_provider_ids() { return table().ids(); }

} // namespace ports
