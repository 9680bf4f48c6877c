// The life of a batch job: which step is next, its states and events, and what becomes of one that fails, is canceled or was
// left by a server that is gone. Owns the rows of batch_job once they were made. Called by app's runner, on its fiber.
// Medusa 1.20: BatchJobSubscriber, BatchJobService.
//
// A job's work is one transaction, as 1.20's: all of it becomes true with the state that follows, or nothing. That transaction
// holds an advisory lock, so that two servers never do one job at once; it ends with its connection, so what a killed server
// had in hand is free for the next one, and it needs no session, so that poolers may stand before the database. How far the
// work is goes out beside it.
#pragma once
#include "ports/call.hpp"
#include <array>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::batch_job {

// The events after which a job has a next step. Medusa 1.20: BatchJobSubscriber
inline constexpr std::array<std::string_view, 2> kEventsOfWork{"batch.created", "batch.confirmed"};

struct Worker {
  db::Database& database;
  const config::Config& config;
  ports::Cache* cache;
  std::function<bool()> stopping;
};

// Does the job's next step: looks at it where it is new, does it where it is confirmed or was begun and left. Does nothing where
// another step has to come first, or somebody else is at it. What goes wrong with the job is kept with it; throws what the
// database refuses for the time being.
void work_on(const Worker& worker, const std::string& id);

// The jobs that somebody has begun and left, and those whose event nobody seems to have heard for so long.
std::vector<std::string> left_behind(const Worker& worker, std::chrono::seconds unheard);

} // namespace commerce::batch_job
