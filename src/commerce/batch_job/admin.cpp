#include "commerce/batch_job/admin.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "base/time.hpp"
#include "commerce/batch_job/states.hpp"
#include "http/resource.hpp"
#include "ports/batch_job_strategy.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::batch_job {
namespace {

using base::Error;
using http::By;
using http::Change;
using http::Context;
using http::Is;
using enum http::Presence;

using Row = query::RowOf<table::BatchJob>;

// The columns that the status follows from.
constexpr std::string_view kTimes[] = {column(Status::pre_processed), column(Status::processing),
                                       column(Status::confirmed),     column(Status::completed),
                                       column(Status::canceled),      column(Status::failed)};

void show_status(const Row& row) { row.compute("status", base::Json(name(status_of(row)))); }

// Medusa 1.20: canAccessBatchJob
void refuse_others(const Context& context, const Row& row) {
  if (row.text("created_by") != *context.call.identity.user_id)
    throw Error::not_allowed("Cannot access a batch job that does not belong to the logged in user");
}

Error missing(const std::string& id) { return Error::not_found("Batch job with id " + id + " was not found"); }

// --- the list ------------------------------------------------------------------------------------------------------

// Times that may be asked for by "null", too.
const std::vector<http::Filter> kTimeFilters{{column(Status::confirmed), By::date},
                                             {column(Status::pre_processed), By::date},
                                             {column(Status::completed), By::date},
                                             {column(Status::failed), By::date},
                                             {column(Status::canceled), By::date}};

void filter_by_time(const http::Filter& filter, const base::Json& value, query::Read& read) {
  if (value == base::Json("null")) return read.where.push_back({std::string(filter.name), query::Operator::is_null});
  base::Json asked = base::JsonObject{{std::string(filter.name), value}};
  if (const auto problems = http::check(http::list_rules({filter}), asked); !problems.empty())
    throw Error::invalid_data(base::join(problems, ", ")); // 1.20 answers 500
  http::add_conditions({filter}, asked, read);
}

// One's own, with the columns that the status follows from.
void prepare(Context& context, const query::Wanted&, query::Read& read) {
  read.where.push_back({"created_by", query::Operator::equal, {*context.call.identity.user_id}});
  for (const auto& filter : kTimeFilters)
    if (const auto& value = context.query()[filter.name]; !value.is_nullish()) filter_by_time(filter, value, read);
  auto& fields = read.selection.fields;
  if (fields.empty()) return;
  fields.emplace_back("dry_run");
  fields.insert(fields.end(), std::begin(kTimes), std::end(kTimes));
}

// 1.20 makes the status of those columns only that were asked for, and calls every job of a list no dry run.
void show_statuses(Context&, const query::Wanted& wanted, const query::Tree& tree) {
  const auto& fields = wanted.selection.fields;
  for (const auto& row : tree.rows<table::BatchJob>()) {
    show_status(row);
    for (const auto time : kTimes)
      if (!fields.empty() && std::find(fields.begin(), fields.end(), time) == fields.end())
        row.compute(time, std::string());
  }
}

// --- one job -------------------------------------------------------------------------------------------------------

void show(Context& context) {
  const auto& id = context.param("id");
  const auto tree = query::read_one(context.call.db(), context.call.flags, {.entity = &schema::get("BatchJob")}, id);
  const auto row = tree.first<table::BatchJob>();
  if (!row) throw missing(id);
  refuse_others(context, *row);
  show_status(*row);
  context.json(http::one_json("batch_job", *row));
}

const http::Rules kCreate{{{"type", Is::string}, {"context", Is::object}, {"dry_run", Is::boolean, optional}}};

// Medusa 1.20: admin/batch/create-batch-job, BatchJobService.create
void create(Context& context) {
  auto& call = context.call;
  const std::string type = context.body()["type"].as_string();
  const auto* strategy = ports::find_batch_job_strategy(type);
  if (!strategy) throw Error::not_found("Unable to find a BatchJob strategy with the type " + type);
  call.atomic([&] {
    base::Json row = strategy->prepare(call, context.body());
    if (row["dry_run"].is_nullish()) row.set("dry_run", false);
    row.set("created_by", *call.identity.user_id);
    base::Json stored = row;
    auto insert = query::insert(schema::get("BatchJob"), stored);
    const auto& id = stored["id"].as_string();
    const auto tree =
        query::read_one(call.db(), call.flags, {.entity = &schema::get("BatchJob")}, id, {std::move(insert)});
    call.emit("batch.created", base::JsonObject{{"id", id}});
    auto saved = http::as_saved(*tree.first(), row);
    saved.set("context", row["context"]); // with its members in the order in which they came
    saved.set("status", name(Status::created));
    context.json(base::JsonObject{{"batch_job", std::move(saved)}}, 201);
  });
}

template<Status to> void move(Change& change) {
  const Row before(*change.before);
  refuse_others(change.context, before);
  check_move(status_of(before), to);
  change.values.set(column(to), base::iso_time(base::now()));
}

http::Resource jobs() {
  std::vector<http::Rule> times;
  for (const auto& filter : kTimeFilters) times.push_back({filter.name, Is::any, optional});
  return http::Resource{
      .path = "/admin/batch-jobs",
      .entity = "BatchJob",
      .one = "batch_job",
      .many = "batch_jobs",
      .not_found = "Batch job with id {id} was not found",
      .filters = {{"id", By::list}, {"type", By::list}, {"created_at", By::date}, {"updated_at", By::date}},
      .unfiltered = std::move(times),
      .limit = 10,
      .auth = http::Auth::admin,
      .prepare = prepare,
      .decorate = show_statuses}
      .list()
      .act("/confirm", {.hook = move<Status::confirmed>, .event = event(Status::confirmed)})
      .act("/cancel", {.hook = move<Status::canceled>, .event = event(Status::canceled)});
}

} // namespace

http::Routes admin_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  auto routes = jobs().routes();
  routes.push_back({.method = get, .path = "/admin/batch-jobs/:id", .handler = show, .auth = admin});
  routes.push_back(
      {.method = post, .path = "/admin/batch-jobs", .handler = create, .auth = admin, .body_rules = &kCreate});
  return routes;
}

} // namespace commerce::batch_job
