// The states of a batch job: which follows which, what each is called, and 1.20's refusals. Owns constants; pure, any thread. Called
// by the endpoints of batch jobs and by their work. Medusa 1.20: BatchJobStatus, BatchJobService, BatchJob.loadStatus.
#pragma once
#include "commerce/states.hpp"
#include "commerce/store/tables.hpp"
#include "query/row_of.hpp"

namespace commerce::batch_job {

enum class Status { created, pre_processed, confirmed, processing, completed, canceled, failed };
// In the order of Status.
inline constexpr std::array<std::string_view, 7> kStatuses{"created",   "pre_processed", "confirmed", "processing",
                                                           "completed", "canceled",      "failed"};
constexpr std::string_view name(Status status) { return kStatuses[static_cast<std::size_t>(status)]; }

// An act by which a job reaches its next state, the column that holds when it did, and the event that tells of it.
struct Move : Act {
  query::ColumnName<table::BatchJob, query::is_instant> reached;
  std::string_view event;
};

namespace act {

inline constexpr Move pre_process{{.name = "pre-process",
                                   .only = {"created"},
                                   .refusal = "Cannot mark a batch job as pre processed if it is not in created status",
                                   .becomes = "pre_processed"},
                                  "pre_processed_at",
                                  "batch.pre_processed"};
inline constexpr Move confirm{{.name = "confirm",
                               .only = {"pre_processed"},
                               .refusal = "Cannot confirm processing for a batch job that is not pre processed",
                               .becomes = "confirmed"},
                              "confirmed_at",
                              "batch.confirmed"};
inline constexpr Move process{
    {.name = "process",
     .only = {"confirmed"},
     .refusal = "Cannot mark a batch job as processing if the status is different that confirmed",
     .becomes = "processing"},
    "processing_at",
    "batch.processing"};
inline constexpr Move complete{
    {.name = "complete",
     .only = {"processing"},
     .refusal = "Cannot complete a batch job with status \"{status}\". The batch job must be processing",
     .becomes = "completed"},
    "completed_at",
    "batch.completed"};
inline constexpr Move cancel{
    {.name = "cancel", .never = {"completed"}, .refusal = "Cannot cancel completed batch job", .becomes = "canceled"},
    "canceled_at",
    "batch.canceled"};
inline constexpr Move fail{{.name = "fail", .becomes = "failed"}, "failed_at", "batch.failed"};
// By the state that each reaches, in the order of Status.
inline constexpr std::array kAll{pre_process, confirm, process, complete, cancel, fail};

} // namespace act

// The act by which a job reaches that state, which is none that it was made in.
constexpr const Move& move_to(Status status) { return act::kAll[static_cast<std::size_t>(status) - 1]; }
// The column that holds when the state was reached ("confirmed_at"), and the event that tells of it.
constexpr std::string_view column(Status status) {
  return table::BatchJob::columns[static_cast<std::size_t>(move_to(status).reached.place)].name;
}
constexpr std::string_view event(Status status) { return move_to(status).event; }

// The state of a job: the last in the order above that it has reached.
template<class Reached> Status last_reached(Reached reached) {
  for (std::size_t i = act::kAll.size(); i > 0; i--)
    if (reached(act::kAll[i - 1])) return static_cast<Status>(i);
  return Status::created;
}
Status status_of(const query::RowOf<table::BatchJob>& job);

// Throws not_allowed or invalid_data where a job can't go from one state to the other.
void check_move(Status from, Status to);

} // namespace commerce::batch_job
