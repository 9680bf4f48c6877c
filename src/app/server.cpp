#include "app/server.hpp"
#include "app/additions.hpp"
#include "app/cache.hpp"
#include "app/child.hpp"
#include "app/dashboard.hpp"
#include "app/database.hpp"
#include "app/defaults.hpp"
#include "app/events.hpp"
#include "app/front.hpp"
#include "app/jobs.hpp"
#include "app/metrics.hpp"
#include "app/mirror.hpp"
#include "app/notify.hpp"
#include "app/outside.hpp"
#include "app/ready.hpp"
#include "app/redis.hpp"
#include "app/workshop.hpp"
#include "base/strings.hpp"
#include "base/terminal.hpp"
#include "commerce/entities.hpp"
#include "commerce/routes.hpp"
#include "commerce/watched.hpp"
#include "db/kept_rows.hpp"
#include "db/migrations.hpp"
#include "db/pool.hpp"
#include "db/row_counts.hpp"
#include "http/dispatcher.hpp"
#include "http/openapi.hpp"
#include "plugins/proxy.hpp"
#include "ports/journal.hpp"
#include "schema/schema.hpp"
#include <atomic>
#include <csignal>
#include <cstring>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace app {
namespace {

// Each thread needs connections of its own, so that few of them allow few threads. `others` are not the threads'.
int threads_of(const config::Config& config, int others) {
  constexpr unsigned kMost = 2;
  const int wanted = config.threads > 0 ? config.threads
                                        : static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1u, kMost));
  const int most = db::most_connections(config);
  if (most == 0 || wanted <= (most - others) / 2) return wanted;
  const int threads = std::max((most - others) / 2, 1);
  const int least = threads * 2 + others;
  const std::string needs =
      "each needs two" + (others > 0 ? ", and what goes on beside " + std::to_string(others) : std::string());
  if (most < least)
    base::log_warn("database_extra.max is " + std::to_string(most) + "; " + std::to_string(least) +
                   " connections may be opened, for one thread: " + needs);
  else if (threads < wanted)
    base::log_warn("database_extra.max leaves connections for " + std::to_string(threads) + " of " +
                   std::to_string(wanted) + " threads: " + needs);
  return threads;
}

// Shells and systemd set a low soft limit for programs of old; the hard one is what the operator allows.
void allow_all_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  const auto soft = std::exchange(limit.rlim_cur, limit.rlim_max);
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
    base::log_warn("The limit of open files stays at " + std::to_string(soft), {{"error", std::strerror(errno)}});
}

// Blocked in every thread, so that the main one can wait for them. SIGCHLD: the embedded database may end.
sigset_t block_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGCHLD);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

enum class End { asked_for, database_lost };

// Waits for one of the signals; at most for half of the manager's time at once, after which `server` is looked at. One whose
// loops don't turn any more is not reported alive, so that systemd starts it anew.
int next_signal(const sigset_t& signals, const http::Server& server) {
  constexpr std::chrono::seconds kHangs{10};
  const auto every = watchdog_time() / 2;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(every);
  const timespec time{seconds.count(), std::chrono::nanoseconds(every - seconds).count()};
  for (;;) {
    const int signal = ::sigtimedwait(&signals, nullptr, every.count() > 0 ? &time : nullptr);
    if (signal > 0) return signal;
    if (errno == EAGAIN && server.turns(kHangs)) tell_manager("WATCHDOG=1");
  }
}

// Waits for the signal to stop, and meanwhile looks after the embedded database.
End wait_for_end(const sigset_t& signals, Backing& backing, const http::Server& server) {
  const auto stop_wanted = [] {
    sigset_t waiting;
    sigpending(&waiting);
    return sigismember(&waiting, SIGTERM) == 1 || sigismember(&waiting, SIGINT) == 1;
  };
  while (backing.keep_running(stop_wanted)) {
    if (next_signal(signals, server) != SIGCHLD) return End::asked_for;
  }
  return End::database_lost;
}

// Descriptions that contradict each other are bugs; all are told at once.
void check_descriptions() {
  commerce::add_entities();
  const auto faults = schema::check();
  if (!faults.empty()) throw std::logic_error("the schema is unsound:\n" + base::join(faults, "\n"));
}

// The description of the routes beside them; made when it is first asked for, since few servers are ever asked.
http::Routes all_routes(const config::Config& config) {
  auto routes = commerce::all_routes();
  const auto described = [routes, &config](http::Context& context) {
    static const std::string text = http::openapi(routes, config.flags, STHENO_VERSION);
    context.json(text);
  };
  routes.push_back({.path = "/openapi.json", .handler = described});
  return routes;
}

Additions prepare_database(const Backing& backing, const config::Config& config, bool asks_outside) {
  Additions added;
  db::run_blocking(backing.options(1), [&](db::Database& database) {
    // The embedded server is ours alone: nobody else is going to migrate it.
    if (backing.embedded()) db::migrate(database, config);
    check_schema(database.shared(), config);
    ensure_defaults(database, config);
    if (asks_outside) ports::install_asks(database);
    added = add_to_database(database, config);
  });
  return added;
}

// Of a pooler's sessions, which may be ten, so that two servers get along: one thread, the delivery of events, and a job, which
// has its two now and then only. Whoever gets none within a second is told to come back.
constexpr int kMostSessions = 5;
// With plugins, whose Medusa has a share of them, all ten.
constexpr int kMostSessionsWithPlugins = 10;

// The configuration as it holds with what stands before PostgreSQL, which is told.
config::Config fitted(config::Config config, db::Pooling pooling) {
  constexpr std::string_view kSays = "PostgreSQL stands behind a pooler (such as PgBouncer) in ";
  if (pooling == db::Pooling::transaction)
    base::log_info(std::string(kSays) + "transaction mode: statements have no names, and nothing depends on a session");
  if (pooling != db::Pooling::session) return config;
  const int given = db::most_connections(config);
  if (given == 0) {
    config.database_extra.set("max", std::int64_t{config.foreign.empty() ? kMostSessions : kMostSessionsWithPlugins});
    if (config.threads == 0) config.threads = 1;
  }
  base::log_info(std::string(kSays) + "session mode: at most " + std::to_string(db::most_connections(config)) +
                 " connections are taken" + (given ? "" : "; database_extra.max takes as many as its pool has"));
  return config;
}
} // namespace

int serve(const config::Config& given, Audience audience) {
  // Who hears of events is added here. What 1.20's own subscribers do for a purchase (count its discounts, end its draft
  // order) is part of the order's transaction.
  events::Subscribers subscribers;
  const auto sessions = session_redis(given);
  if (audience == Audience::shoppers) build_dashboard(given);
  allow_all_descriptors();
  Backing backing(given);
  const sigset_t signals = block_signals();
  check_descriptions();
  const auto shown = extend_entities(given);
  install_providers(given);
  const auto child = make_child(given, backing);
  const std::string providers = child ? child->asks_socket() : provider_socket();
  if (child)
    use_providers_of(*child);
  else if (!providers.empty())
    install_outside_providers(providers);
  install_batch_job_strategies();
  const auto added = prepare_database(backing, given, !providers.empty());
  const config::Config config = fitted(given, backing.pooling());
  constexpr int kSettling = 2; // connections
  const auto figures_at = metrics_place(config);
  const int of_child = connections_of_child(config);
  const int beside = delivery_connections(config) + job_connections(config) + (providers.empty() ? 0 : kSettling) +
                     (figures_at ? 1 : 0) + of_child;
  if (child && of_child > 0) child->set("connections", std::int64_t{of_child});
  const int threads = threads_of(config, beside);
  require_redis(config);

  http::Site site(config, all_routes(config));
  db::ChangeLog changes(db::kCatalogue, commerce::next_watched_change(),
                        db::ChangeLog::Rows{commerce::sold_table(), commerce::sold_column()});
  http::ReplyCache replies(changes, static_cast<std::size_t>(config.reply_cache_bytes));
  if (added.changes == ChangesAreLogged::yes && config.reply_cache_bytes > 0) site.reply_cache = &replies;
  db::RowCounts counts(counted_tables());
  if (added.changes == ChangesAreLogged::yes) site.row_counts = &counts;
  const db::Options database = backing.options(config, threads, beside);
  // Of requests alone, each of which asks what has changed; work that lasts would go on seeing what it began with.
  db::Options of_requests = database;
  if (added.changes == ChangesAreLogged::yes && config.row_cache_bytes > 0)
    of_requests.kept_rows =
        std::make_shared<db::KeptRows>(commerce::kept_tables(), static_cast<std::size_t>(config.row_cache_bytes));
  const auto make_cache = cache_of(config, child.get());
  const auto runner = open_jobs(config, database, make_cache, subscribers, child.get());
  const auto outbox = open_outbox(config, database, subscribers, child.get());
  std::optional<http::StaticFiles> files;
  if (const auto folder = local_folder(config); folder && !folder->prefix.empty())
    files.emplace(folder->prefix, base::Folder(folder->path));
  site.static_files = files ? &*files : nullptr;
  std::atomic<bool> hopeless = false;
  if (child) {
    answer_beside(site, *child, shown);
    share_sessions(*child, site.memory_sessions);
    // Of a queue whose jobs the child works on.
    child->answer("event", [&runner](const base::Json& event) {
      if (event["data"]["id"].is_string()) runner->add(event["data"]["id"].as_string());
      return base::Json(nullptr);
    });
    // As Medusa ends where a plugin can't be loaded. Later, what is native goes on.
    child->when_hopeless([&] {
      if (child->was_ready()) return;
      hopeless = true;
      ::kill(::getpid(), SIGTERM);
    });
  }
  const auto dashboard = open_dashboard(config);
  site.single_page = dashboard ? &*dashboard : nullptr;
  site.needs = needs_of(config, child.get());
  std::optional<Metrics> metrics;
  if (figures_at) metrics.emplace(*figures_at, of_requests, site, child.get());
  const http::FrontPage front = open_front_page(config);
  site.front_page = &front;
  http::Limits limits;
  limits.files = static_cast<std::uint64_t>(config.upload_limit_bytes);
  limits.takes_files = [&site](const http::Request& request) { return site.takes_files(request); };
  if (child) limits.passed_on = [&site](const http::Request& request) { return site.passed_on(request); };
  std::optional<Mirror> mirror;
  if (const auto wanted = mirror_options(config))
    mirror.emplace(*wanted, site, config.project, sessions ? SessionsLie::in_redis : SessionsLie::in_this_process);
  auto responders = http::dispatchers(site, [&](boost::asio::io_context& io) {
    http::Resources resources;
    resources.database = db::open(io, of_requests);
    resources.cache = make_cache(io);
    resources.outside = open_outside(io, providers);
    if (child) resources.beside = std::make_unique<plugins::Proxy>(io, *child);
    if (sessions) resources.redis = std::make_unique<redis::Client>(io, *sessions);
    return resources;
  });
  http::Server server(mirror ? mirror->copying(std::move(responders)) : std::move(responders), limits);
  server.start(config.host, static_cast<unsigned short>(std::stoi(config.port)), static_cast<unsigned>(threads));
  if (child) child->start();
  if (mirror) mirror->start();
  if (outbox) outbox->start();
  std::optional<Workshop> workshop;
  if (audience == Audience::developer && child && has_sources(config.project))
    workshop.emplace(config.project, [&child] { child->restart(); });
  std::optional<Settler> settler;
  if (!providers.empty()) settler.emplace(database, config, providers);
  if (runner) runner->start();
  base::log_info("Server is ready on port: " + std::to_string(server.port()));
  tell_manager("READY=1");
  if (audience == Audience::developer)
    base::log_info("Developing: http://localhost:" + std::to_string(server.port()) + "/store/products");
  else if (base::on_terminal())
    base::log_info("Look at http://localhost:" + std::to_string(server.port()) + "/");

  const End end = wait_for_end(signals, backing, server);
  tell_manager("STOPPING=1");
  base::log_info("Gracefully shutting down server");
  // Who asks a second time doesn't want to wait for the requests in progress.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  workshop.reset();
  if (mirror) mirror->stop();
  server.stop();
  settler.reset();
  // After the requests: what the last of them staged is delivered.
  if (outbox) outbox->stop();
  if (runner) runner->stop();
  if (child) child->stop();
  return end == End::asked_for && !hopeless ? 0 : 1;
}

} // namespace app
