#include "commerce/batch_job/states.hpp"
#include "base/error.hpp"

namespace commerce::batch_job {

Status status_of(const query::RowOf<table::BatchJob>& job) {
  return last_reached([&](const Move& move) { return job.instant(move.reached).has_value(); });
}

void check_move(Status from, Status to) {
  const Act& move = move_to(to);
  if (to == Status::completed && !move.may_be_done(name(from)))
    throw base::Error::invalid_data(refusal_of(move, name(from)));
  check(move, name(from));
}

} // namespace commerce::batch_job
