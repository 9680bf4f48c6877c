#include "app/child.hpp"
#include "app/events.hpp"
#include "base/error.hpp"
#include "base/hash.hpp"
#include "commerce/batch_job/work.hpp"
#include "config/properties.hpp"
#include "db/options.hpp"
#include "ports/remote_fulfillment.hpp"
#include "ports/remote_payment.hpp"
#include "ports/remote_tax.hpp"
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <future>
#include <iterator>
#include <unistd.h>

namespace app {

namespace fs = std::filesystem;
using base::Json;
using plugins::Child;

namespace {

// Of a provider that the child may have. Throws unavailable before it has said so.
bool offered(const Child& child, std::string_view port, std::string_view id) {
  const auto report = child.report();
  if (!report) throw base::Error(base::ErrorType::unavailable, "The shop's plugins are not there yet");
  return report->offers_provider(port, id);
}

std::vector<std::string> offered_ids(const Child& child, std::string_view port) {
  std::vector<std::string> ids;
  if (const auto report = child.report())
    for (const auto& offer : report->offers)
      if (offer.port == port) ids.push_back(offer.id);
  return ids;
}

Json settings_of(const Backing& backing) {
  Json settings = Json::object();
  if (backing.embedded()) settings.set("database_url", backing.options(1).url);
  return settings;
}

// Variables that are others at each start, and that no project's code hangs on: those of a shell, of systemd, of npm, of a container.
bool of_one_start(std::string_view variable) {
  constexpr std::string_view kNames[]{"_",
                                      "SHLVL",
                                      "PWD",
                                      "OLDPWD",
                                      "TERM",
                                      "COLUMNS",
                                      "LINES",
                                      "LS_COLORS",
                                      "WINDOWID",
                                      "HOSTNAME",
                                      "HOST",
                                      "PORT",
                                      "INVOCATION_ID",
                                      "JOURNAL_STREAM",
                                      "SYSTEMD_EXEC_PID",
                                      "NOTIFY_SOCKET",
                                      "LISTEN_PID",
                                      "LISTEN_FDS",
                                      "LISTEN_FDNAMES",
                                      "WATCHDOG_PID",
                                      "WATCHDOG_USEC",
                                      "MAINPID",
                                      "MANAGERPID",
                                      "MEMORY_PRESSURE_WATCH",
                                      "MEMORY_PRESSURE_WRITE",
                                      "XDG_SESSION_ID",
                                      "TMPDIR"};
  constexpr std::string_view kBeginnings[]{"SSH_", "npm_", "KUBERNETES_"};
  const std::string_view name = variable.substr(0, variable.find('='));
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames) ||
         std::any_of(std::begin(kBeginnings), std::end(kBeginnings), [&](auto text) { return name.starts_with(text); });
}

// Of all that a report comes from: the configuration, the packages, the project's own code, the environment. Files are told
// apart by what stands in them, since a folder that is copied or checked out anew has other times.
class Fingerprint {
 public:
  explicit Fingerprint(const config::Config& config) : project_(config.project) {
    add(STHENO_VERSION);
    add(config.raw.dump());
    std::vector<std::string_view> variables;
    for (char** variable = environ; *variable; ++variable)
      if (!of_one_start(*variable)) variables.emplace_back(*variable);
    std::sort(variables.begin(), variables.end());
    for (const auto variable : variables) add(variable);
    for (const char* file : {"package.json", "package-lock.json", "node_modules/@medusajs/medusa/package.json"})
      add_file(project_ / file);
    add_folder(project_ / "dist");
    for (const auto& foreign : config.foreign)
      if (foreign.kind != config::Foreign::Kind::code)
        for (const fs::path& folder :
             {project_ / "plugins" / foreign.name, project_ / "node_modules" / foreign.name, project_ / foreign.name})
          add_folder(folder);
  }
  std::string text() const {
    return fmt::format("{:016x}{:016x}", base::keyed_hash(all_, {1, 2}), base::keyed_hash(all_, {3, 4}));
  }

 private:
  void add(std::string_view part) { all_.append(part).append(1, '\0'); }
  void add_file(const fs::path& path) {
    constexpr std::uintmax_t kMostRead = 1 << 20;
    std::error_code failure;
    const auto size = fs::file_size(path, failure);
    if (failure) return;
    add(path.string());
    add(std::to_string(size));
    const std::string ending = path.extension().string();
    const bool code = ending == ".js" || ending == ".cjs" || ending == ".mjs" || ending == ".json";
    if (!code || size > kMostRead) return;
    std::ifstream file(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    add(fmt::format("{:016x}", base::keyed_hash(text, {1, 2})));
  }
  void add_folder(const fs::path& folder) {
    std::error_code failure;
    std::vector<fs::path> files;
    for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure)) {
      if (at->path().filename() == "node_modules") at.disable_recursion_pending();
      if (at->is_regular_file(failure)) files.push_back(at->path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) add_file(file);
  }
  const fs::path project_;
  std::string all_;
};

std::chrono::milliseconds load_time(const config::Config& config) {
  for (const config::Setting& setting : config.settings)
    if (setting.property->key == "env:STHENO_PLUGINS_LOAD_TIME" && setting.value.is_integer())
      return std::chrono::seconds(setting.value.as_int());
  return plugins::ChildOptions{}.load_time;
}

std::string report_file(const config::Config& config) { return config.project + "/.stheno/plugins.json"; }

std::string session_id(const Json& arguments) {
  if (!arguments["id"].is_string()) throw base::Error::invalid_data("a session has an id");
  return arguments["id"].as_string();
}

// As express-session keeps it in a store of its own.
Json session_text(const http::StoredSession& session) {
  Json data = session.data;
  Json cookie = base::JsonObject{{"path", "/"}, {"httpOnly", true}};
  if (session.lifetime) cookie.set("originalMaxAge", std::int64_t{session.lifetime->count()});
  data.set("cookie", std::move(cookie));
  return data;
}

http::StoredSession stored_session(const Json& arguments) {
  http::StoredSession session;
  if (arguments["data"].is_object()) session.data = arguments["data"];
  const Json lifetime = session.data["cookie"]["originalMaxAge"];
  session.data.erase("cookie");
  if (lifetime.is_integer()) session.lifetime = std::chrono::milliseconds(lifetime.as_int());
  return session;
}

} // namespace

int connections_of_child(const config::Config& config) {
  // A transaction, what is asked beside it, and one of the other pool that Medusa has for modules.
  const bool modules = std::any_of(config.foreign.begin(), config.foreign.end(),
                                   [](const auto& foreign) { return foreign.kind == config::Foreign::Kind::module; });
  const int least = modules ? 3 : 2;
  const int most = config.foreign.empty() ? 0 : db::most_connections(config);
  return most == 0 ? 0 : std::max(most / 3, least);
}

std::unique_ptr<Child> make_child(const config::Config& config, const Backing& backing) {
  if (config.foreign.empty()) return nullptr;
  Json settings = settings_of(backing);
  base::JsonArray native;
  for (const auto event : commerce::batch_job::kEventsOfWork) native.emplace_back(event);
  settings.set("native_events", std::move(native));
  return std::make_unique<Child>(
      plugins::ChildOptions{.project = config.project,
                            .start = base::JsonObject{{"mode", "serve"},
                                                      {"events", delivers_here(config) ? "from_server" : "own"},
                                                      {"sessions", config.redis_url.empty() ? "from_server" : "redis"},
                                                      {"settings", std::move(settings)}},
                            .remembered_in = report_file(config),
                            .fingerprint = Fingerprint(config).text(),
                            .load_time = load_time(config)});
}

Json migrate_plugins(const config::Config& config, const Backing& backing, const std::string& action) {
  Child child(
      {.life = plugins::Life::once,
       .project = config.project,
       .start = base::JsonObject{{"mode", "migrations"}, {"action", action}, {"settings", settings_of(backing)}}});
  std::promise<void> ended;
  Json told;
  child.hear("migrations", [&](const Json& arguments) { told = arguments; });
  child.when_hopeless([&] { ended.set_value(); });
  child.start();
  ended.get_future().wait();
  child.stop();
  if (!told.is_object()) throw base::Error::unexpected_state("The migrations of the plugins have failed");
  return told;
}

std::shared_ptr<const plugins::Report> last_report(const config::Config& config) {
  return plugins::remembered_report(report_file(config), Fingerprint(config).text());
}

std::shared_ptr<const plugins::Report> learned_report(const config::Config& config) {
  const Backing backing(config, db::Embedding::beside_another);
  const auto child = make_child(config, backing);
  child->set("worker_mode", "server"); // it works on no queue in so short a life
  std::promise<void> told;
  std::atomic<bool> over = false;
  const auto end = [&] {
    if (!over.exchange(true)) told.set_value();
  };
  child->hear("ready", [&](const Json&) { end(); });
  child->when_hopeless(end);
  child->start();
  told.get_future().wait();
  const bool ready = child->was_ready();
  child->stop();
  return ready ? child->report() : nullptr;
}

bool works_on_batch_jobs(const Child* child) {
  if (!child) return true;
  const auto report = child->report();
  return report && report->text["batch_jobs"] != Json("child");
}

void share_sessions(Child& child, http::SessionStore& sessions) {
  child.answer("session.get", [&sessions](const Json& arguments) {
    const auto found = sessions.load(session_id(arguments));
    return found ? session_text(*found) : Json(nullptr);
  });
  child.answer("session.set", [&sessions](const Json& arguments) {
    // One that has been ended meanwhile stays ended.
    if (arguments["new"] == Json(false))
      sessions.replace(session_id(arguments), stored_session(arguments));
    else
      sessions.save(session_id(arguments), stored_session(arguments));
    return Json(nullptr);
  });
  child.answer("session.destroy", [&sessions](const Json& arguments) {
    sessions.destroy(session_id(arguments));
    return Json(nullptr);
  });
}

plugins::Shown shown_here(const plugins::Report& report) {
  plugins::Shown shown;
  for (const auto& extension : report.extensions)
    if (extension.plain && schema::find(extension.entity)) shown.insert(extension.entity);
  return shown;
}

plugins::Shown extend_entities(const config::Config& config) {
  const auto report = config.foreign.empty() ? nullptr : last_report(config);
  if (!report) return {};
  auto shown = shown_here(*report);
  for (const auto& extension : report->extensions)
    if (shown.contains(extension.entity)) schema::extend(extension.entity, extension.columns);
  return shown;
}

void answer_beside(http::Site& site, const Child& child, plugins::Shown shown) {
  site.state_beside = [&child]() -> std::string_view {
    switch (child.state()) {
    case Child::State::loading: return "loading";
    case Child::State::ready: return "ready";
    case Child::State::gone: return "gone";
    case Child::State::hopeless: break;
    }
    return "failed";
  };
  // Before its first report nobody knows which routes it answers; whoever asks is told to come back. What a report comes to is
  // worked out when the first request comes behind it.
  const auto latest = std::make_shared<std::atomic<std::shared_ptr<const plugins::Division>>>();
  site.answered_beside = [&child, &site, latest, shown = std::move(shown)](const http::Request& request,
                                                                           const http::Route* route) {
    auto report = child.report();
    if (!report) return true;
    auto division = latest->load();
    if (!division || division->report() != report) {
      division = std::make_shared<const plugins::Division>(std::move(report), site.router.routes(), shown);
      *latest = division;
    }
    return division->is_the_childs(request, route);
  };
}

void use_providers_of(const Child& child) {
  using Again = ports::Ask::Again;
  ports::add_payment_providers({.make =
                                    [&child](std::string_view id) {
                                      return offered(child, "payment", id)
                                                 ? ports::remote_payment_provider(std::string(id), Again::never)
                                                 : nullptr;
                                    },
                                .ids = [&child] { return offered_ids(child, "payment"); }});
  ports::add_fulfillment_providers({.make =
                                        [&child](std::string_view id) {
                                          return offered(child, "fulfillment", id)
                                                     ? ports::remote_fulfillment_provider(std::string(id), Again::never)
                                                     : nullptr;
                                        },
                                    .ids = [&child] { return offered_ids(child, "fulfillment"); }});
  ports::add_tax_providers({.make =
                                [&child](std::string_view id) {
                                  return offered(child, "tax", id) ? ports::remote_tax_provider(std::string(id))
                                                                   : nullptr;
                                },
                            .ids = [&child] { return offered_ids(child, "tax"); }});
}

} // namespace app
