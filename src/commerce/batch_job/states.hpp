// The states of a batch job: which follows which, and what each is called. Nothing is owned; pure functions, any thread.
// Called by the endpoints of batch jobs. Medusa 1.20: BatchJobService, BatchJob.loadStatus.
#pragma once
#include <functional>
#include <string_view>

namespace commerce::batch_job {

enum class Status { created, pre_processed, confirmed, processing, completed, canceled, failed };

std::string_view name(Status status);
// The column that holds when the state was reached ("confirmed_at"), and the event that tells of it; none for created.
std::string_view column(Status status);
std::string_view event(Status status);

// The state of a job: the last in the order above of which `reached` says that its column holds a time.
Status status_of(const std::function<bool(std::string_view column)>& reached);

// Throws not_allowed or invalid_data where a job can't go from one state to the other.
void check_move(Status from, Status to);

} // namespace commerce::batch_job
