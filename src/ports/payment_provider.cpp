#include "ports/payment_provider.hpp"
#include "base/error.hpp"

namespace ports {
namespace {

std::vector<std::unique_ptr<PaymentProvider>>& table() {
  static std::vector<std::unique_ptr<PaymentProvider>> providers;
  return providers;
}

} // namespace

void add_payment_provider(std::unique_ptr<PaymentProvider> provider) {
  for (auto& known : table())
    if (known->id() == provider->id()) {
      known = std::move(provider);
      return;
    }
  table().push_back(std::move(provider));
}

const PaymentProvider* find_payment_provider(std::string_view id) {
  for (const auto& provider : table())
    if (provider->id() == id) return provider.get();
  return nullptr;
}

const PaymentProvider& payment_provider(std::string_view id) {
  if (const auto* found = find_payment_provider(id)) return *found;
  throw base::Error::not_found("Could not find a payment provider with id: " + std::string(id));
}

std::vector<std::string> payment_provider_ids() {
  std::vector<std::string> ids;
  for (const auto& provider : table()) ids.emplace_back(provider->id());
  return ids;
}

} // namespace ports
