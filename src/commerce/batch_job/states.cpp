#include "commerce/batch_job/states.hpp"
#include "base/error.hpp"
#include <optional>
#include <string>

namespace commerce::batch_job {
namespace {

struct State {
  std::string_view name, column, event;
  std::optional<Status> only_from{}; // nullopt: from anywhere
  std::optional<Status> never_from{};
  std::string_view refusal{}; // how 1.20 says it
};
// In the order of Status.
constexpr State kStates[] = {
    {"created", "", ""},
    {"pre_processed",
     "pre_processed_at",
     "batch.pre_processed",
     Status::created,
     {},
     "Cannot mark a batch job as pre processed if it is not in created status"},
    {"confirmed",
     "confirmed_at",
     "batch.confirmed",
     Status::pre_processed,
     {},
     "Cannot confirm processing for a batch job that is not pre processed"},
    {"processing",
     "processing_at",
     "batch.processing",
     Status::confirmed,
     {},
     "Cannot mark a batch job as processing if the status is different that confirmed"},
    {"completed", "completed_at", "batch.completed", Status::processing},
    {"canceled", "canceled_at", "batch.canceled", {}, Status::completed, "Cannot cancel completed batch job"},
    {"failed", "failed_at", "batch.failed"},
};
const State& state(Status status) { return kStates[static_cast<std::size_t>(status)]; }

} // namespace

std::string_view name(Status status) { return state(status).name; }
std::string_view column(Status status) { return state(status).column; }
std::string_view event(Status status) { return state(status).event; }

Status status_of(const std::function<bool(std::string_view column)>& reached) {
  for (int i = static_cast<int>(Status::failed); i > 0; i--)
    if (reached(column(static_cast<Status>(i)))) return static_cast<Status>(i);
  return Status::created;
}

void check_move(Status from, Status to) {
  const State& next = state(to);
  if ((!next.only_from || *next.only_from == from) && next.never_from != from) return;
  if (to == Status::completed)
    throw base::Error::invalid_data("Cannot complete a batch job with status \"" + std::string(name(from)) +
                                    "\". The batch job must be processing");
  throw base::Error::not_allowed(std::string(next.refusal));
}

} // namespace commerce::batch_job
