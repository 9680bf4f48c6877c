#include "app/child.hpp"
#include "app/events.hpp"
#include "base/error.hpp"
#include "base/hash.hpp"
#include "ports/remote_fulfillment.hpp"
#include "ports/remote_payment.hpp"
#include "ports/remote_tax.hpp"
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <future>
#include <sys/stat.h>
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

// Of all that a report comes from: the configuration, the packages, the project's own code, the environment. Files are told
// apart by their sizes and times.
class Fingerprint {
 public:
  explicit Fingerprint(const config::Config& config) : project_(config.project) {
    add(STHENO_VERSION);
    add(config.raw.dump());
    for (char** variable = environ; *variable; ++variable) add(*variable);
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
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) return;
    add(path.string());
    add(std::to_string(facts.st_size) + " " + std::to_string(facts.st_mtim.tv_sec) + "." +
        std::to_string(facts.st_mtim.tv_nsec));
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

std::unique_ptr<Child> make_child(const config::Config& config, const Backing& backing) {
  if (config.foreign.empty()) return nullptr;
  Json settings = settings_of(backing);
  base::JsonArray native;
  for (const char* event : {"batch.created", "batch.confirmed"}) native.emplace_back(event);
  settings.set("native_events", std::move(native));
  return std::make_unique<Child>(
      plugins::ChildOptions{.project = config.project,
                            .start = base::JsonObject{{"mode", "serve"},
                                                      {"events", delivers_here(config) ? "from_server" : "own"},
                                                      {"sessions", config.redis_url.empty() ? "from_server" : "redis"},
                                                      {"settings", std::move(settings)}},
                            .remembered_in = report_file(config),
                            .fingerprint = Fingerprint(config).text()});
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

plugins::Report::Shown extend_entities(const config::Config& config) {
  plugins::Report::Shown shown;
  const auto report = config.foreign.empty() ? nullptr : last_report(config);
  if (!report) return shown;
  for (const auto& extension : report->extensions) {
    if (!extension.plain || !schema::find(extension.entity)) continue;
    schema::extend(extension.entity, extension.columns);
    shown.insert(extension.entity);
  }
  return shown;
}

void answer_beside(http::Site& site, const Child& child, plugins::Report::Shown shown) {
  site.state_beside = [&child]() -> std::string_view {
    switch (child.state()) {
    case Child::State::loading: return "loading";
    case Child::State::ready: return "ready";
    case Child::State::gone: return "gone";
    case Child::State::hopeless: break;
    }
    return "failed";
  };
  // Before its first report nobody knows which routes it answers; whoever asks is told to come back.
  site.answered_beside = [&child, shown = std::move(shown)](const http::Request& request, const http::Route* route) {
    const auto report = child.report();
    return !report || report->answers(request, route, shown);
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
