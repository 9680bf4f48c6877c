#include "app/events.hpp"
#include "base/log.hpp"
#include "db/pool.hpp"
#include "events/local_bus.hpp"

namespace app {
namespace {

// The queue's package where one is configured. 1.20: `eventBus: false` is the local bus, too.
std::string_view foreign_bus(const config::Config& config) {
  const config::Module* module = config.module("eventBus");
  return module && module->package != "@medusajs/event-bus-local" ? std::string_view(module->package) : "";
}

// Of all subscribers together: one for what they read, and transactions.
constexpr int kReading = 1;
int writing(const config::Config& config) {
  constexpr int kMost = 4;
  const int most = db::most_connections(config);
  return most == 0 ? kMost : std::clamp(most / 5, 1, kMost);
}

} // namespace

int delivery_connections(const config::Config& config, const events::Subscribers& subscribers) {
  if (!foreign_bus(config).empty()) return 0;
  return 1 + (subscribers.empty() ? 0 : kReading + writing(config));
}

std::unique_ptr<events::OutboxReader> open_outbox(const config::Config& config, const db::Options& database,
                                                  const events::Subscribers& subscribers) {
  if (const auto package = foreign_bus(config); !package.empty()) {
    // Taken out here they would never reach the queue, from which the other servers of the shop live.
    base::log_warn("Events stay in the table staged_job: this server does not deliver to " + std::string(package) + " yet");
    return nullptr;
  }
  db::Options of_subscribers = database;
  of_subscribers.shared_connections = kReading;
  of_subscribers.exclusive_connections = writing(config);
  return std::make_unique<events::OutboxReader>(
      database,
      [&subscribers, of_subscribers](boost::asio::io_context& io) {
        return events::local_bus(io, subscribers, db::open(io, of_subscribers));
      },
      events::OutboxOptions{.batch = std::max<std::int64_t>(1, config.jobs_batch_size)});
}

} // namespace app
