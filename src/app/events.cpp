#include "app/events.hpp"
#include "app/redis.hpp"
#include "base/log.hpp"
#include "db/pool.hpp"
#include "events/local_bus.hpp"
#include "events/redis_bus.hpp"
#include "plugins/child_bus.hpp"

namespace app {
namespace {

enum class Bus {
  local,
  queue,            // of Redis; and its jobs are worked on here
  queue_for_others, // jobs are only put into it
  left_to_child,    // a bus of the project's takes them out of the outbox
};
struct Choice {
  Bus bus = Bus::local;
  std::string whose{}; // a bus of the project's
};
Choice bus_of(const config::Config& config) {
  if (const auto* foreign = config.foreign_module("eventBus")) return {Bus::left_to_child, foreign->name};
  const config::Module* module = config.module("eventBus");
  if (!module || module->package == "@medusajs/event-bus-local") return {Bus::local};
  if (config.worker_mode == config::WorkerMode::server) return {Bus::queue_for_others};
  if (!config.foreign.empty()) return {Bus::queue_for_others}; // the child works on them, as Medusa does
  return {Bus::queue};
}

events::RedisBusOptions queue_of(const config::Config& config, redis::Options& connection) {
  const config::Module& module = *config.module("eventBus");
  connection = module_redis(module);
  try {
    return events::redis_bus_options(module.options);
  } catch (const std::invalid_argument& fault) {
    throw config::ConfigError("modules.eventBus.options." + std::string(fault.what()));
  }
}

// Of all subscribers together: one for what they read, and transactions.
constexpr int kReading = 1;
int writing(const config::Config& config) {
  constexpr int kMost = 4;
  const int most = db::most_connections(config);
  return most == 0 ? kMost : std::clamp(most / 5, 1, kMost);
}

} // namespace

bool hears_events(const config::Config& config) {
  const Bus bus = bus_of(config).bus;
  return bus == Bus::local || bus == Bus::queue;
}

bool delivers_here(const config::Config& config) { return bus_of(config).bus == Bus::local; }

int delivery_connections(const config::Config& config) { return bus_of(config).bus == Bus::left_to_child ? 0 : 1; }

std::unique_ptr<events::OutboxReader> open_outbox(const config::Config& config, const db::Options& database,
                                                  const events::Subscribers& subscribers, plugins::Child* child) {
  const auto [bus, whose] = bus_of(config);
  if (bus == Bus::left_to_child) {
    base::log_info("Events are delivered by " + whose + ", in the project's own Medusa");
    return nullptr;
  }
  db::Options of_subscribers = database;
  of_subscribers.shared_connections = kReading;
  of_subscribers.exclusive_connections = writing(config);
  const events::OutboxOptions options{.batch = std::max<std::int64_t>(1, config.jobs_batch_size)};
  if (bus == Bus::local)
    return std::make_unique<events::OutboxReader>(
        database,
        [&subscribers, of_subscribers, child](boost::asio::io_context& io) {
          auto here = events::local_bus(io, subscribers, db::open(io, of_subscribers));
          return child ? plugins::child_bus(std::move(here), *child) : std::move(here);
        },
        options);

  redis::Options connection;
  const auto queue = queue_of(config, connection);
  const bool works = bus == Bus::queue && queue.worker.runs;
  return std::make_unique<events::OutboxReader>(
      database,
      [&subscribers, of_subscribers, connection, queue, works](boost::asio::io_context& io) {
        return events::redis_bus(io, connection, queue, subscribers, works ? db::open(io, of_subscribers) : nullptr);
      },
      options);
}

} // namespace app
