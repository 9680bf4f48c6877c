#include "commerce/batch_job/work.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "commerce/batch_job/states.hpp"
#include "commerce/store/tables.hpp"
#include "config/config.hpp"
#include "db/batch.hpp"
#include "db/errors.hpp"
#include "events/bell.hpp"
#include "ports/batch_job_strategy.hpp"
#include "ports/file_service.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <optional>

namespace commerce::batch_job {
namespace {

using base::Json;
using ports::BatchJobStrategy;
using ports::Call;

// Why a step ends before its time.
struct Canceled {};
struct Stopped {};

struct Job {
  std::string id, type, created_by;
  Status status;
  bool dry_run;
  Json context, result;
};

const schema::Entity& entity() {
  static const auto& found = schema::get("BatchJob");
  return found;
}

Json object_or_empty(Json value) { return value.is_object() ? value : Json::object(); }

Job job_of(const query::RowOf<table::BatchJob>& row) {
  return {row.str("id"),
          row.str("type"),
          row.str("created_by"),
          status_of(row),
          row.boolean("dry_run"),
          object_or_empty(row.json("context")),
          object_or_empty(row.json("result"))};
}

enum class Lock { no, yes };
std::optional<Job> load(Call& call, const std::string& id, Lock lock) {
  static const db::Statement locks("SELECT id FROM batch_job WHERE id = $1 FOR UPDATE");
  std::vector<db::Command> ahead;
  if (lock == Lock::yes) ahead.push_back({locks, db::Params::of(id)});
  const auto tree = query::read_one(call.db(), call.flags, {.entity = &entity()}, id, std::move(ahead));
  const auto row = tree.first<table::BatchJob>();
  return row ? std::optional(job_of(*row)) : std::nullopt;
}

// A job that was made is never taken out of the table, but for by hand.
Job locked(Call& call, const std::string& id) {
  auto job = load(call, id, Lock::yes);
  if (!job) throw base::Error::not_found("Batch job with id " + id + " was not found");
  if (job->status == Status::canceled) throw Canceled{};
  return std::move(*job);
}

// The job is at these states now, one after the other.
void move(Call& call, const Job& job, std::initializer_list<Status> states, Json values = Json::object()) {
  Status from = job.status;
  if (values.size()) call.emit("batch.updated", base::JsonObject{{"id", job.id}});
  for (const auto to : states) {
    check_move(from, to);
    values.set(column(to), base::iso_time(base::now()));
    call.emit(std::string(event(to)), base::JsonObject{{"id", job.id}});
    from = to;
  }
  call.write_last(query::update(entity(), job.id, values));
}

// Held until the transaction ends, and no longer than the host that holds it is there.
bool claim(Call& call, const std::string& id) {
  static const db::Statement statement(
      "SELECT pg_try_advisory_xact_lock(hashtextextended('stheno.batch_job.' || $1, 0)), "
      "set_config('idle_in_transaction_session_timeout', '60s', true)");
  return call.db().run(statement, db::Params::of(id)).boolean(0, 0);
}

// Beside the job's transaction, for those who watch.
void tell(const Worker& worker, const std::string& id, const Json& result) {
  static const db::Statement keep("UPDATE batch_job SET result = $2, updated_at = now() WHERE id = $1 AND "
                                  "canceled_at IS NULL AND completed_at IS NULL AND failed_at IS NULL RETURNING id");
  if (worker.stopping()) throw Stopped{};
  const events::Event updated{"batch.updated", base::JsonObject{{"id", id}}};
  db::Batch batch;
  const auto kept = batch.add({keep, db::Params::of(id, result)});
  batch.add(events::stage(std::vector<events::Event>{updated}));
  batch.run(worker.database.shared());
  events::staged();
  if (kept->empty()) throw Canceled{};
}

// Takes away what nobody needs any more. What can't be is left where it is.
void remove_files(Call& call, const std::vector<std::string>& keys) {
  for (const auto& key : keys) try {
      ports::file_service().remove(call, key);
    } catch (const std::exception& failure) {
      base::log_warn("A batch job's file could not be removed", {{"key", key}, {"error", failure.what()}});
    }
}

class Step {
 public:
  Step(const Worker& worker, const BatchJobStrategy& strategy, const std::string& id)
      : worker_(worker), strategy_(strategy), id_(id), own_(worker.database, worker.config, worker.config.flags),
        beside_(worker.database, worker.config, worker.config.flags) {
    own_.cache = worker.cache;
  }

  void pre_process() {
    own_.atomic([&] {
      if (!claim(own_, id_)) return;
      const auto job = load(own_, id_, Lock::no);
      if (!job || job->status != Status::created) return;
      Run run(*this, *job);
      strategy_.pre_process(run);
      const Json values = base::JsonObject{{"context", run.context}, {"result", run.result}};
      const auto now = locked(own_, id_);
      // Medusa 1.20: BatchJobService.setPreProcessingDone. A dry run waits to be confirmed.
      if (now.dry_run)
        move(own_, now, {Status::pre_processed}, values);
      else
        move(own_, now, {Status::pre_processed, Status::confirmed}, values);
    });
  }

  void process() {
    beside_.atomic([&] {
      const auto job = locked(beside_, id_);
      if (job.status == Status::confirmed) move(beside_, job, {Status::processing});
    });
    std::optional<Json> result;
    std::vector<std::string> used_up;
    const auto work = [&] {
      result.reset();
      if (!claim(own_, id_)) return;
      const auto job = load(own_, id_, Lock::no);
      if (!job || job->status != Status::processing) return;
      Run run(*this, *job);
      strategy_.process(run);
      result = run.result;
      used_up = run.used_up;
      if (!strategy_.only_reads()) complete(own_, *result);
    };
    own_.atomic(work, strategy_.only_reads() ? db::Isolation::repeatable_read : db::Isolation::read_committed);
    if (!result) return;
    // The state that was read knows nothing of what was told meanwhile, so it can't be written from there.
    if (strategy_.only_reads()) beside_.atomic([&] { complete(beside_, *result); });
    remove_files(beside_, used_up);
  }

  // Medusa 1.20: BatchJobService.setFailed
  void fail(const std::string& reason) {
    beside_.atomic([&] {
      const auto job = locked(beside_, id_);
      if (job.status == Status::completed || job.status == Status::failed) return;
      Json result = without_file(job.result);
      Json errors = result["errors"].is_array() ? result["errors"] : Json::array();
      errors.push_back(reason);
      result.set("errors", std::move(errors));
      move(beside_, job, {Status::failed}, base::JsonObject{{"result", std::move(result)}});
    });
  }

  // The file that it was about to write is gone.
  void forget_file() {
    beside_.atomic([&] {
      const auto job = load(beside_, id_, Lock::yes);
      if (!job || !job->result.has("file_key")) return;
      beside_.write_last(query::update(entity(), id_, base::JsonObject{{"result", without_file(job->result)}}));
      beside_.emit("batch.updated", base::JsonObject{{"id", id_}});
    });
  }

 private:
  struct Run : ports::BatchJobRun {
    Run(Step& step, const Job& job) : ports::BatchJobRun{step.own_, job.id, job.context, job.result, {}} {
      step.own_.identity.user_id = job.created_by; // it sees what this admin sees
      tell = [this, &step] { commerce::batch_job::tell(step.worker_, id, result); };
    }
    Run(const Run&) = delete;
  };
  void complete(Call& call, const Json& result) {
    move(call, locked(call, id_), {Status::completed}, base::JsonObject{{"result", result}});
  }
  static Json without_file(Json result) {
    result.erase("file_key");
    result.erase("file_size");
    return result;
  }

  const Worker& worker_;
  const BatchJobStrategy& strategy_;
  const std::string& id_;
  Call own_, beside_; // the transaction of the work, and what is written beside it
};

} // namespace

void work_on(const Worker& worker, const std::string& id) {
  Call call(worker.database, worker.config, worker.config.flags);
  const auto job = load(call, id, Lock::no);
  const auto* strategy = job ? ports::find_batch_job_strategy(job->type) : nullptr;
  if (!strategy) return;
  if (job->status != Status::created && job->status != Status::confirmed && job->status != Status::processing) return;
  Step step(worker, *strategy, id);
  bool canceled = false;
  std::optional<std::string> reason;
  try {
    if (job->status == Status::created)
      step.pre_process();
    else
      step.process();
  } catch (const Canceled&) {
    canceled = true;
  } catch (const Stopped&) {
    base::log_info("A batch job is left to the next start", {{"job", id}});
  } catch (const db::DatabaseError& failure) {
    // The next look finds the job again.
    if (failure.retryable() || failure.type == base::ErrorType::unavailable) throw;
    reason = failure.what();
    base::log_warn("A batch job has failed", {{"job", id}, {"error", db::explanation(failure)}});
  } catch (const std::exception& failure) {
    reason = failure.what();
    base::log_warn("A batch job has failed", {{"job", id}, {"error", failure.what()}});
  }
  if (reason) try {
      step.fail(*reason);
    } catch (const Canceled&) {
      canceled = true;
    }
  if (canceled) step.forget_file();
}

std::vector<std::string> left_behind(const Worker& worker, std::chrono::seconds unheard) {
  static const db::Statement statement(
      "SELECT id FROM batch_job WHERE type = ANY($1) AND deleted_at IS NULL AND completed_at IS NULL AND canceled_at IS NULL "
      "AND failed_at IS NULL AND (processing_at IS NOT NULL OR ((confirmed_at IS NOT NULL OR pre_processed_at IS NULL) AND "
      "updated_at < now() - make_interval(secs => $2::int))) ORDER BY created_at, id");
  const auto rows = worker.database.shared().run(
      statement, db::Params::of(ports::batch_job_types(), static_cast<std::int64_t>(unheard.count())));
  std::vector<std::string> ids;
  for (int row = 0; row < rows.rows(); ++row) ids.emplace_back(rows.text(row, 0));
  return ids;
}

} // namespace commerce::batch_job
