#include "app/child.hpp"
#include "app/dashboard.hpp"
#include "app/database.hpp"
#include "app/redis.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "base/terminal.hpp"
#include "cli/command.hpp"
#include "config/dashboard.hpp"
#include "db/errors.hpp"
#include "db/migrations.hpp"
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <netdb.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cli {
namespace {
namespace fs = std::filesystem;
using base::Json;

// What a look at one part came to.
enum class State {
  good,
  note, // the shop starts, and something is missing all the same
  stop, // a start would end
};

struct Look {
  State state;
  std::string part, text;
  std::string next; // what to do; empty: nothing
};

std::string_view name_of(State state) { return state == State::good ? "ok" : state == State::note ? "note" : "stop"; }

std::string first_line_of(const char* command) {
  std::string line;
  if (std::FILE* pipe = ::popen(command, "r")) {
    char text[256] = {};
    if (std::fgets(text, sizeof text, pipe)) line = base::trim(text);
    ::pclose(pipe);
  }
  return line;
}

// A package's version as it is installed in the project; empty where it is not.
std::string installed(const fs::path& project, std::string_view package) {
  std::ifstream file(project / "node_modules" / package / "package.json", std::ios::binary);
  try {
    const Json content = base::parse_json(std::string(std::istreambuf_iterator<char>(file), {}));
    return content["version"].is_string() ? content["version"].as_string() : "";
  } catch (const base::JsonParseError&) {
    return {};
  }
}

class Doctor {
 public:
  explicit Doctor(const config::Config& config) : config_(config) {}

  std::vector<Look> look() {
    add(State::good, "stheno", STHENO_VERSION " in " + config_.project);
    configuration();
    node();
    if (config_.settings.empty()) return std::move(looks_); // nothing of it could be read
    medusa();
    database();
    redis();
    port();
    limits();
    plugins();
    dashboard();
    return std::move(looks_);
  }

 private:
  void add(State state, std::string part, std::string text, std::string next = {}) {
    looks_.push_back({state, std::move(part), std::move(text), std::move(next)});
  }

  void configuration() {
    int told = 0;
    for (const config::Finding& finding : config_.findings) {
      // Advice is for `config check`.
      if (finding.severity == config::Severity::advice) continue;
      told++;
      const bool error = finding.severity == config::Severity::error;
      add(error ? State::stop : State::note, "configuration", config::text_of(finding),
          error ? "Correct it; `stheno config check` lists all that is wrong." : "");
    }
    if (told == 0) add(State::good, "configuration", config_.file.empty() ? "none" : config_.file);
  }

  void node() {
    constexpr int kOldest = 18;
    const bool needed = config_.file.empty() || !config_.file.ends_with(".json") || !config_.foreign.empty();
    const std::string version = first_line_of("node --version 2>/dev/null"); // "v20.20.2"
    const int major = version.size() > 1 ? std::atoi(version.c_str() + 1) : 0;
    if (version.empty())
      add(needed ? State::stop : State::note, "node", "not installed; it evaluates medusa-config.js and runs plugins",
          needed ? "Install Node.js 18 or newer: apt-get install nodejs" : "");
    else
      add(major < kOldest ? State::stop : State::good, "node", version,
          major < kOldest ? "Install Node.js 18 or newer: apt-get install nodejs" : "");
  }

  void medusa() {
    const std::string version = installed(config_.project, "@medusajs/medusa");
    if (version.empty())
      add(State::good, "medusa", "not installed in this project; only plugins and code of its own would need it");
    else if (!version.starts_with("1.20."))
      add(State::note, "medusa", version + ": this server answers as 1.20 does",
          "Bring the project to Medusa 1.20 first: npm install @medusajs/medusa@1.20");
    else
      add(State::good, "medusa", version);
  }

  void database() {
    const bool embedded = !app::names_database(config_);
    try {
      if (embedded && !fs::exists(fs::path(config_.project) / ".stheno" / "postgres" / "data")) {
        const int version = db::EmbeddedServer::installed_version();
        return add(State::good, "database",
                   "none is named: the first start makes one of this project's own (PostgreSQL " +
                       std::to_string(version) + ", in .stheno/postgres)",
                   "Fill it: stheno seed -f data/seed.json");
      }
      const app::Backing backing(config_, db::Embedding::beside_another);
      const auto began = std::chrono::steady_clock::now();
      db::run_blocking(backing.options(1), [&](db::Database& database) { inside(database, embedded, began); });
    } catch (const std::exception& failure) {
      add(State::stop, "database", db::explanation(failure), "Let PostgreSQL be reached as the configuration says.");
    }
  }

  void inside(db::Database& database, bool embedded, std::chrono::steady_clock::time_point began) {
    static const db::Statement about("SELECT current_setting('server_version'), current_database(), current_user, "
                                     "current_setting('max_connections')");
    const auto facts = database.shared().run(about);
    const std::string took = base::duration_text(std::chrono::steady_clock::now() - began);
    add(State::good, "database",
        "PostgreSQL " + std::string(facts.text(0, 0)) + (embedded ? ", this project's own" : "") + ": database " +
            std::string(facts.text(0, 1)) + " as " + std::string(facts.text(0, 2)) + ", " +
            std::string(facts.text(0, 3)) + " connections at most, reached in " + took);
    const db::MigrationState state = db::migration_state(database.shared(), config_);
    const auto waiting =
        std::count_if(state.rows.begin(), state.rows.end(), [](const auto& row) { return row.id == 0; });
    if (!state.partial.empty())
      return add(State::stop, "migrations",
                 "the database is of an older Medusa (" + base::join(state.partial, ", ") + ")",
                 "Bring it to 1.20.11 by Medusa's own `medusa migrations run` first.");
    if (state.pending())
      return add(embedded ? State::note : State::stop, "migrations",
                 std::to_string(waiting) + " of " + std::to_string(state.rows.size()) + " are not applied",
                 "Run: stheno migrations run");
    add(State::good, "migrations", "all " + std::to_string(state.rows.size()) + " are applied");
    static const db::Statement content("SELECT (SELECT count(*) FROM product WHERE deleted_at IS NULL), "
                                       "(SELECT count(*) FROM \"user\" WHERE deleted_at IS NULL)");
    const auto counts = database.shared().run(content);
    const bool bare = counts.integer(0, 0) == 0, closed = counts.integer(0, 1) == 0;
    add(bare || closed ? State::note : State::good, "shop",
        std::to_string(counts.integer(0, 0)) + " products, " + std::to_string(counts.integer(0, 1)) + " admins",
        bare     ? "Fill the shop: stheno seed -f data/seed.json"
        : closed ? "Make somebody who can log in: stheno user -e ADDRESS -p PASSWORD"
                 : "");
  }

  void redis() {
    std::vector<redis::Options> servers;
    try {
      if (const auto sessions = app::session_redis(config_)) servers.push_back(*sessions);
      for (const config::Module& module : config_.modules)
        if (module.options["redisUrl"].is_string()) servers.push_back(app::module_redis(module));
    } catch (const config::ConfigError&) {
      return; // has been said of the configuration
    }
    if (servers.empty()) return add(State::good, "redis", "none is named: sessions and caches live in the server");
    for (const redis::Options& server : servers) {
      try {
        redis::probe(server);
        add(State::good, "redis", server.setting + " answers");
      } catch (const std::exception& failure) {
        add(config_.production() ? State::stop : State::note, "redis", failure.what(),
            "Start Redis, or correct what names it.");
      }
    }
  }

  // Whether a server could listen; a server of this very shop may hold the port.
  void port() {
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    const char* host = config_.host.empty() ? nullptr : config_.host.c_str();
    if (::getaddrinfo(host, config_.port.c_str(), &hints, &found) != 0) return; // has been said of the configuration
    const int descriptor = ::socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const bool free =
        descriptor >= 0 && ::bind(descriptor, found->ai_addr, found->ai_addrlen) == 0 && ::listen(descriptor, 1) == 0;
    const std::string why = std::strerror(errno);
    if (descriptor >= 0) ::close(descriptor);
    ::freeaddrinfo(found);
    if (free) return add(State::good, "port", config_.port + " is free");
    add(State::stop, "port", config_.port + " can't be had: " + why,
        "End what holds port " + config_.port +
            " (this shop may be running already), or start on another: --port 9001");
  }

  void limits() {
    constexpr rlim_t kFew = 4096;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    const std::string most = limit.rlim_max == RLIM_INFINITY ? "any number" : std::to_string(limit.rlim_max);
    if (limit.rlim_max < kFew)
      add(State::note, "open files", most + " at most: each client takes one",
          "Allow more, as by LimitNOFILE=65536 in a unit of systemd, or ulimit -n.");
    else
      add(State::good, "open files", most + " at most");
  }

  void plugins() {
    if (config_.foreign.empty())
      return add(State::good, "plugins", "none that needs Medusa: this server does all by itself");
    std::vector<std::string> names;
    for (const config::Foreign& foreign : config_.foreign) {
      const std::string version =
          foreign.kind == config::Foreign::Kind::code ? "" : installed(config_.project, foreign.name);
      names.push_back(foreign.name + (version.empty() ? "" : " " + version));
    }
    if (installed(config_.project, "@medusajs/medusa").empty())
      return add(State::stop, "plugins",
                 base::join(names, ", ") + " need the project's own Medusa, which is not installed",
                 "Run: npm install");
    add(State::good, "plugins", base::join(names, ", ") + ", in the project's own Medusa",
        app::last_report(config_) ? "" : "Start once; then `stheno routes --plugins` says who answers what.");
  }

  void dashboard() {
    const auto dashboard = config::dashboard(config_);
    if (!dashboard) return;
    if (app::dashboard_fault(config_)) return; // has been said of the configuration
    add(State::good, "dashboard",
        !dashboard->serve            ? "not served, as its option says"
        : dashboard->builds_at_start ? "at " + dashboard->path + ", built at start where something has changed"
                                     : "at " + dashboard->path);
  }

  const config::Config& config_;
  std::vector<Look> looks_;
};

void print(const std::vector<Look>& looks) {
  using base::Colour;
  std::size_t width = 0;
  for (const Look& look : looks) width = std::max(width, look.part.size());
  std::vector<std::string> steps;
  std::string text;
  for (const Look& look : looks) {
    const Colour colour = look.state == State::good   ? Colour::green
                          : look.state == State::note ? Colour::yellow
                                                      : Colour::red;
    std::string state(name_of(look.state)), part = look.part;
    state.resize(6, ' ');
    part.resize(width + 2, ' ');
    text += base::painted(colour, state) + part + look.text + "\n";
    if (!look.next.empty() && std::find(steps.begin(), steps.end(), look.next) == steps.end())
      steps.push_back(look.next);
  }
  text += "\n";
  const bool stops =
      std::any_of(looks.begin(), looks.end(), [](const Look& look) { return look.state == State::stop; });
  if (steps.empty())
    steps.push_back("stheno start");
  else if (!stops)
    steps.push_back("Then: stheno start");
  text += std::string(stops ? "A start would end. " : "") + "What to do next:\n";
  for (const std::string& step : steps) text += "  - " + step + "\n";
  std::fputs(text.c_str(), stdout);
}

int doctor(const Arguments& arguments) {
  const config::Config config = read_config(arguments);
  base::set_log_level(base::LogLevel::error); // what it finds is told below
  const std::vector<Look> looks = Doctor(config).look();
  if (arguments.has("json")) {
    base::JsonArray list;
    for (const Look& look : looks)
      list.push_back(base::JsonObject{{"state", name_of(look.state)},
                                      {"part", look.part},
                                      {"text", look.text},
                                      {"next", look.next.empty() ? Json(nullptr) : Json(look.next)}});
    std::fputs((Json(std::move(list)).dump() + "\n").c_str(), stdout);
  } else {
    print(looks);
  }
  return std::any_of(looks.begin(), looks.end(), [](const Look& look) { return look.state == State::stop; });
}
} // namespace

const Command doctor_command{
    "doctor",
    {},
    "Looks at all that a start needs, and says what to do next; ends with 1 where a start would end.",
    {{.name = "json", .description = "as JSON"}},
    doctor};

} // namespace cli
