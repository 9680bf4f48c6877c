// Batch jobs: which strategies there are, who hears that there is something to do, and the runner that does it.
// Owns nothing. Called by serve() on the main thread.
#pragma once
#include "app/cache.hpp"
#include "config/config.hpp"
#include "db/options.hpp"
#include "events/subscribers.hpp"
#include "jobs/runner.hpp"
#include "plugins/child.hpp"
#include <memory>

namespace app {

void install_batch_job_strategies();

// Connections that a job at work takes beside those of requests.
int job_connections(const config::Config& config);

// Adds itself to `subscribers`. Null where this server hears no events: jobs are then left to the Medusa that does. With a child
// (or null), jobs are its own where it says so. The runner
// must outlive the delivery of events.
std::unique_ptr<jobs::Runner> open_jobs(const config::Config& config, const db::Options& database,
                                        const MakeCache& make_cache, events::Subscribers& subscribers,
                                        const plugins::Child* child);

} // namespace app
