#include "base/error.hpp"
#include "commerce/batch_job/states.hpp"
#include <doctest/doctest.h>
#include <set>
#include <string>

namespace batch_job = commerce::batch_job;
using batch_job::Status;

TEST_CASE("batch jobs: the last state that was reached counts") {
  const auto status = [](std::set<std::string_view> states) {
    return batch_job::last_reached([&](const batch_job::Move& move) { return states.count(move.becomes) != 0; });
  };
  CHECK(status({}) == Status::created);
  CHECK(status({"pre_processed"}) == Status::pre_processed);
  CHECK(status({"pre_processed", "confirmed", "processing", "completed"}) == Status::completed);
  CHECK(status({"canceled", "confirmed"}) == Status::canceled);
  CHECK(status({"failed", "canceled"}) == Status::failed);
}

TEST_CASE("batch jobs: each state has its own column, event and act") {
  using enum Status;
  for (const auto state : {pre_processed, confirmed, processing, completed, canceled, failed}) {
    const std::string name(batch_job::name(state));
    CHECK(batch_job::move_to(state).becomes == name);
    CHECK(batch_job::column(state) == name + "_at");
    CHECK(batch_job::event(state) == "batch." + name);
  }
}

TEST_CASE("batch jobs: what follows what") {
  using enum Status;
  constexpr Status all[]{created, pre_processed, confirmed, processing, completed, canceled, failed};
  const std::set<std::pair<Status, Status>> steps{
      {created, pre_processed}, {pre_processed, confirmed}, {confirmed, processing}, {processing, completed}};
  for (const auto from : all)
    for (const auto to : {pre_processed, confirmed, processing, completed, canceled, failed}) {
      CAPTURE(batch_job::name(from));
      CAPTURE(batch_job::name(to));
      if (steps.count({from, to}) || to == failed || (to == canceled && from != completed))
        CHECK_NOTHROW(batch_job::check_move(from, to));
      else
        CHECK_THROWS_AS(batch_job::check_move(from, to), base::Error);
    }
  CHECK_THROWS_WITH(batch_job::check_move(created, completed),
                    "Cannot complete a batch job with status \"created\". The batch job must be processing");
}
