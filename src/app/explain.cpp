// First: behind the namespace query Asio's own functions of that name can't be read.
#include <boost/asio/io_context.hpp>

#include "app/explain.hpp"
#include "base/strings.hpp"
#include "base/tokens.hpp"
#include "commerce/routes.hpp"
#include "db/errors.hpp"
#include "http/described.hpp"
#include "http/dispatcher.hpp"

namespace app {
namespace {

// What was sent, in the order in which it was.
struct Notes {
  std::vector<Explained::Statement> statements;
  int trips = 0;

  // The positions of the statements of one round trip.
  std::size_t begin_trip(const std::vector<db::Command>& queries) {
    const std::size_t first = statements.size();
    ++trips;
    for (const auto& query : queries)
      statements.push_back({query.statement.sql(), query.params.values(), trips, 0, {}});
    return first;
  }
  void end_trip(std::size_t first, const std::vector<db::Result>& results) {
    for (std::size_t i = 0; i < results.size() && first + i < statements.size(); i++)
      statements[first + i].rows = results[i].rows();
  }
};

class NotedSession final : public db::Session {
 public:
  NotedSession(db::Session& inner, Notes& notes) : inner_(inner), notes_(notes) {}
  std::vector<db::Result> batch(std::vector<db::Command> queries) override {
    const auto first = notes_.begin_trip(queries);
    auto results = inner_.batch(std::move(queries));
    notes_.end_trip(first, results);
    return results;
  }
  bool in_transaction() const override { return inner_.in_transaction(); }

 private:
  db::Session& inner_;
  Notes& notes_;
};

class NotedTransaction final : public db::Transaction {
 public:
  NotedTransaction(std::unique_ptr<db::Transaction> inner, Notes& notes) : inner_(std::move(inner)), notes_(notes) {}
  std::vector<db::Result> batch(std::vector<db::Command> queries) override {
    const auto first = notes_.begin_trip(queries);
    auto results = inner_->batch(std::move(queries));
    notes_.end_trip(first, results);
    return results;
  }
  void queue(db::Command query) override {
    notes_.statements.push_back({query.statement.sql(), query.params.values(), notes_.trips + 1, 0, {}});
    inner_->queue(std::move(query));
  }
  void attempt(const std::function<void()>& work) override { inner_->attempt(work); }
  std::vector<db::Result> commit(std::vector<db::Command> last) override {
    const auto first = notes_.begin_trip(last);
    auto results = inner_->commit(std::move(last));
    notes_.end_trip(first, results);
    return results;
  }
  void rollback() override { inner_->rollback(); }

 private:
  std::unique_ptr<db::Transaction> inner_;
  Notes& notes_;
};

class NotedDatabase final : public db::Database {
 public:
  NotedDatabase(db::Database& inner, Notes& notes) : inner_(inner), notes_(notes), shared_(inner.shared(), notes) {}
  db::Session& shared() override { return shared_; }
  std::unique_ptr<db::Transaction> begin(db::Isolation isolation) override {
    return std::make_unique<NotedTransaction>(inner_.begin(isolation), notes_);
  }

 private:
  db::Database& inner_;
  Notes& notes_;
  NotedSession shared_;
};

// In a transaction that is taken back, since it is run for that.
std::vector<std::string> plan_of(db::Database& database, const Explained::Statement& statement) {
  if (!base::upper(statement.sql.substr(0, 6)).starts_with("SELECT")) return {};
  db::Params params;
  for (const auto& value : statement.values) value ? params.add(*value) : params.add(std::nullopt);
  std::vector<std::string> lines;
  const auto transaction = database.begin();
  try {
    const auto plan =
        transaction->run(db::Statement::once("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) " + statement.sql),
                         std::move(params));
    for (int row = 0; row < plan.rows(); row++) lines.emplace_back(plan.text(row, 0));
    transaction->rollback();
  } catch (const db::DatabaseError& failure) {
    lines.push_back("no plan: " + failure.failure.message);
  }
  return lines;
}

std::string first_admin(db::Database& database) {
  static const db::Statement one(R"(SELECT id FROM "user" WHERE deleted_at IS NULL ORDER BY created_at, id LIMIT 1)");
  const auto rows = database.shared().run(one);
  return rows.empty() ? std::string() : std::string(rows.text(0, 0));
}

} // namespace

Explained explain(db::Database& database, const config::Config& given, std::string_view target) {
  config::Config config = given;
  config.node_env = "test"; // which writes no access log
  Explained explained;
  http::Request request;
  request.method_text = "GET";
  request.target = target;
  request.path = target.substr(0, target.find('?'));
  if (request.path.size() < target.size()) request.raw_query = target.substr(request.path.size() + 1);
  request.remote_address = "127.0.0.1";
  if (http::lies_in(request.path, "/admin")) {
    explained.who = first_admin(database);
    constexpr std::chrono::minutes kShort{1};
    if (!explained.who.empty())
      request.headers.push_back(
          {"authorization",
           "Bearer " + base::sign_jwt(config.jwt_secret,
                                      base::JsonObject{{"user_id", explained.who}, {"domain", "admin"}}, kShort)});
  }
  boost::asio::io_context loop;
  Notes notes;
  http::Site site(config, commerce::all_routes());
  const auto match = site.router.match(http::Method::get, request.path);
  if (match.route) {
    explained.route = http::describe(*match.route);
    if (!config.flags.on(match.route->flag)) explained.off = explained.route["flag"].as_string();
  }
  const auto responder = http::dispatchers(site, [&](boost::asio::io_context&) {
    http::Resources resources;
    resources.database = std::make_unique<NotedDatabase>(database, notes);
    return resources;
  })(loop);
  responder->respond(request, explained.response);
  explained.may_keep = match.route && match.route->kept == http::Kept::while_catalogue_unchanged &&
                       explained.response.status == 200 && explained.response.keepable &&
                       !http::ReplyCache::key_of(request).empty();
  explained.statements = std::move(notes.statements);
  for (auto& statement : explained.statements) statement.plan = plan_of(database, statement);
  return explained;
}

} // namespace app
