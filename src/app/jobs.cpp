#include "app/jobs.hpp"
#include "app/child.hpp"
#include "app/events.hpp"
#include "app/upkeep.hpp"
#include "base/log.hpp"
#include "commerce/batch_job/strategies.hpp"
#include "commerce/batch_job/work.hpp"

namespace app {
namespace {

// The work's transaction, and what is told beside it.
constexpr int kShared = 1, kExclusive = 1;

// An event may be on its way to another server: through the queue it takes longer than through the outbox.
std::chrono::seconds unheard(const config::Config& config) {
  const auto* bus = config.module("eventBus");
  return std::chrono::seconds(bus && bus->package == "@medusajs/event-bus-redis" ? 60 : 10);
}

// Where others work on the queue's jobs, the child among them hands on what is for this server.
bool has_runner(const config::Config& config) { return hears_events(config) || !config.foreign.empty(); }

} // namespace

void install_batch_job_strategies() {
  ports::add_batch_job_strategy(commerce::batch_job::product_export());
  ports::add_batch_job_strategy(commerce::batch_job::order_export());
  ports::add_batch_job_strategy(commerce::batch_job::product_import());
  ports::add_batch_job_strategy(commerce::batch_job::price_list_import());
}

int job_connections(const config::Config& config) {
  return has_runner(config) || config.database_additions ? kShared + kExclusive : 0;
}

std::unique_ptr<jobs::Runner> open_jobs(const config::Config& config, const db::Options& database,
                                        const MakeCache& make_cache, events::Subscribers& subscribers,
                                        const plugins::Child* child) {
  const bool has_jobs = has_runner(config);
  if (!has_jobs && !config.database_additions) return nullptr;
  db::Options of_jobs = database;
  of_jobs.shared_connections = kShared;
  of_jobs.exclusive_connections = kExclusive;
  const auto worker_in = [&config](const jobs::Place& place, ports::Cache* cache) {
    return commerce::batch_job::Worker{place.database, config, cache, [&place] { return place.stopping.load(); }};
  };
  auto runner = std::make_unique<jobs::Runner>(
      of_jobs,
      jobs::Work{.run =
                     [worker_in, make_cache, child](const jobs::Place& place, const std::string& id) {
                       if (is_upkeep(id)) return do_upkeep(place.database, id);
                       if (!works_on_batch_jobs(child)) return;
                       const auto cache = make_cache(place.loop);
                       commerce::batch_job::work_on(worker_in(place, cache.get()), id);
                     },
                 .left_behind =
                     [worker_in, &config, child, has_jobs, pooler = database.pooler](const jobs::Place& place) {
                       std::vector<std::string> left;
                       if (has_jobs && works_on_batch_jobs(child))
                         left = commerce::batch_job::left_behind(worker_in(place, nullptr), unheard(config));
                       for (auto& due : due_upkeep(place.database, config, pooler->pooling()))
                         left.push_back(std::move(due));
                       return left;
                     }});
  if (!has_jobs) return runner;
  // Medusa 1.20: BatchJobSubscriber
  for (const auto event : commerce::batch_job::kEventsOfWork)
    subscribers.add(std::string(event), [&runner = *runner](const events::Delivery& delivery) {
      const auto data = base::parse_json(delivery.message.data);
      if (data["id"].is_string()) runner.add(data["id"].as_string());
    });
  return runner;
}

} // namespace app
