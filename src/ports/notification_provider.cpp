#include "ports/notification_provider.hpp"
#include "ports/provider_table.hpp"

namespace ports {
namespace {

ProviderTable<NotificationProvider>& table() {
  static ProviderTable<NotificationProvider> providers("notification", ".");
  return providers;
}

} // namespace

void add_notification_provider(std::unique_ptr<NotificationProvider> provider) { table().add(std::move(provider)); }

const NotificationProvider& notification_provider(std::string_view id) { return table().get(id); }

std::vector<std::string> notification_provider_ids() { return table().ids(); }

} // namespace ports
