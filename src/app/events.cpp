#include "app/events.hpp"
#include "base/log.hpp"
#include "db/pool.hpp"
#include "events/local_bus.hpp"
#include <filesystem>

namespace app {
namespace {

// Who hears of this shop's events and can't be reached from here; empty: nobody. Taken out of the outbox, the events
// would be lost to them.
std::string others_who_hear(const config::Config& config) {
  // 1.20: `eventBus: false` is the local bus, too.
  const config::Module* module = config.module("eventBus");
  if (module && module->package != "@medusajs/event-bus-local") return module->package;
  std::error_code absent;
  for (const auto& file : std::filesystem::directory_iterator(config.project + "/dist/subscribers", absent))
    if (file.path().extension() == ".js") return "the project's dist/subscribers";
  return {};
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
  if (!others_who_hear(config).empty()) return 0;
  return 1 + (subscribers.empty() ? 0 : kReading + writing(config));
}

std::unique_ptr<events::OutboxReader> open_outbox(const config::Config& config, const db::Options& database,
                                                  const events::Subscribers& subscribers) {
  if (const auto others = others_who_hear(config); !others.empty()) {
    base::log_warn("Events stay in the table staged_job: this server does not deliver to " + others + " yet");
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
