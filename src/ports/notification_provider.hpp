// Whoever tells customers and staff what has happened: what a notification plugin provides, and the table of those that
// are installed. Owns: the table, filled at start by app and read-only afterwards (any thread). A provider's functions
// run on the fiber of the request or subscriber, inside the transaction that keeps what was sent.
// Medusa 1.20: AbstractNotificationService, as NotificationService calls it.
#pragma once
#include "base/json.hpp"
#include "ports/call.hpp"
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ports {

class NotificationProvider {
 public:
  // What went out, and to whom.
  struct Sent {
    std::string to;
    base::Json data;
  };
  virtual ~NotificationProvider() = default;
  virtual std::string_view id() const = 0;
  // nullopt where the event is nothing to tell.
  virtual std::optional<Sent> send(Call& call, std::string_view event, const base::Json& data) const = 0;
  // Sends a notification (its row) again, to somebody else where `to` says so.
  virtual Sent resend(Call& call, const base::Json& notification, const std::optional<std::string>& to) const = 0;
};

void add_notification_provider(std::unique_ptr<NotificationProvider> provider);
// Throws not_found for an id without a provider.
const NotificationProvider& notification_provider(std::string_view id);
std::vector<std::string> notification_provider_ids();

} // namespace ports
