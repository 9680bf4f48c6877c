#include "config/extensions.hpp"
#include "base/strings.hpp"
#include "config/dashboard.hpp"
#include "config/driver_options.hpp"
#include "config/supported.hpp"
#include "config/undefined.hpp"
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>

namespace config {
namespace {
using base::Json;
namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code failure;
  return fs::exists(path, failure);
}

enum class Found { nowhere, installed, in_project, without_package };

// The first place below which Node looks that holds what is wanted: a path of the project's, or a package above it.
template<class Wanted> Found find_below(const fs::path& project, const std::string& name, Wanted is_wanted) {
  if (name.starts_with('/') || name.starts_with('.'))
    return is_wanted(project / name) ? Found::installed : Found::nowhere;
  for (fs::path folder = project;; folder = folder.parent_path()) {
    if (is_wanted(folder / "node_modules" / name)) return Found::installed;
    if (folder == folder.parent_path()) return Found::nowhere;
  }
}

// Medusa 1.20 looks for a plugin by its package.json.
Found find_package(const fs::path& project, const std::string& name) {
  return find_below(project, name, [](const fs::path& path) { return is_there(path / "package.json"); });
}

// For a module by require.resolve: a file, with or without its ending, or a folder with a package.json or an index.
Found find_module(const fs::path& project, const std::string& name) {
  return find_below(project, name, [](const fs::path& path) {
    std::error_code failure;
    for (const char* ending : {"", ".js", ".json", ".node"})
      if (fs::is_regular_file(path.string() + ending, failure)) return true;
    for (const char* inside : {"package.json", "index.js", "index.json", "index.node"})
      if (is_there(path / inside)) return true;
    return false;
  });
}

// Medusa 1.20: loaders/plugins.ts, resolvePlugin. A folder of the project comes before an installed package.
Found find_plugin(const fs::path& project, const std::string& name) {
  if (!is_there(project / name) && is_there(project / "plugins" / name))
    return is_there(project / "plugins" / name / "package.json") ? Found::in_project : Found::without_package;
  return find_package(project, name);
}

// Options that the native modules take; what else is there means nothing.
struct ModuleOption {
  std::string_view package, name;
  Kind kind;
  Bounds bounds{};
  std::string_view missing{}; // what is said where it must be there and is not
};
constexpr std::string_view kEventBus = "@medusajs/event-bus-redis", kRedisCache = "@medusajs/cache-redis",
                           kMemoryCache = "@medusajs/cache-inmemory";
const ModuleOption kModuleOptions[] = {
    {kEventBus,
     "redisUrl",
     Kind::text,
     {},
     "No `redis_url` provided in project config. It is required for the Redis Event Bus."},
    {kEventBus, "redisOptions", Kind::lenient_object},
    {kEventBus, "queueName", Kind::text},
    {kEventBus, "queueOptions", Kind::lenient_object},
    {kEventBus, "workerOptions", Kind::lenient_object},
    {kEventBus, "jobOptions", Kind::lenient_object},
    {kRedisCache,
     "redisUrl",
     Kind::text,
     {},
     "No `redisUrl` provided in `cacheService` module options. It is required for the Redis Cache Module."},
    {kRedisCache, "redisOptions", Kind::lenient_object},
    {kRedisCache, "ttl", Kind::integer, {.least = 0}},
    {kRedisCache, "namespace", Kind::text},
    {kMemoryCache, "ttl", Kind::integer, {.least = 0}},
};

// Options of the native plugins.
struct PluginOption {
  std::string_view package, name;
  Kind kind;
};
constexpr PluginOption kPluginOptions[] = {{"@medusajs/file-local", "upload_dir", Kind::text},
                                           {"@medusajs/file-local", "backend_url", Kind::text},
                                           {kDashboard, "serve", Kind::boolean},
                                           {kDashboard, "path", Kind::text},
                                           {kDashboard, "outDir", Kind::text},
                                           {kDashboard, "backend", Kind::text},
                                           {kDashboard, "autoRebuild", Kind::boolean},
                                           {kDashboard, "develop", Kind::object}};

// What an entry of `plugins` or `modules` may consist of.
const std::vector<std::string> kPluginMembers{"resolve", "options", "enableUI"};
const std::vector<std::string> kModuleMembers{"resolve", "options",    "resources",    "alias",  "main",
                                              "scope",   "definition", "dependencies", "server", "worker_mode"};

// The modules that 1.20 can't do without.
bool is_required(std::string_view key) { return key == "eventBus" || key == "cacheService"; }

// Those of them that are a driver's.
constexpr std::pair<const char*, Driver> kDriverOptions[] = {{"redisOptions", Driver::ioredis},
                                                             {"queueOptions", Driver::bullmq_queue},
                                                             {"workerOptions", Driver::bullmq_worker},
                                                             {"jobOptions", Driver::bullmq_job}};

// Folders of a built project from which Medusa loads code.
constexpr const char* kCode[] = {"api",          "services",   "strategies", "subscribers", "loaders", "models",
                                 "repositories", "migrations", "jobs",       "workflows",   "setup"};

bool holds_code(const fs::path& folder) {
  std::error_code failure;
  for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure))
    if (at->path().extension() == ".js") return true;
  return false;
}

class Reader {
 public:
  Reader(Config& config, const Tell& tell) : config_(config), project_(config.project), tell_(tell) {}

  void plugins() {
    const Json& list = config_.raw["plugins"];
    if (!list.is_array()) return; // absent, or refused already
    std::size_t position = 0;
    for (const Json& item : list.as_array()) plugin("plugins[" + std::to_string(position++) + "]", item);
  }

  void modules() {
    const Json& table = config_.raw["modules"];
    if (!table.is_object()) return;
    for (const auto& [key, value] : table.as_object())
      if (!value.is_nullish()) module(key, value);
    shared_aliases();
  }

  // Medusa 1.20 appends the project itself to the plugins.
  void project_code() {
    std::string folders;
    for (const char* name : kCode)
      if (holds_code(project_ / "dist" / name)) folders += (folders.empty() ? "" : ", ") + std::string(name);
    if (!folders.empty()) config_.foreign.push_back({Foreign::Kind::code, "dist", folders});
  }

  // What runs in the project's own Medusa needs that package.
  void medusa() {
    if (config_.foreign.empty() || find_package(project_, "@medusajs/medusa") != Found::nowhere) return;
    const Foreign& first = config_.foreign.front();
    const std::string what = first.kind == Foreign::Kind::code ? "dist" : first.key;
    problem(first.kind == Foreign::Kind::module ? "modules." + first.key : what,
            std::string(first.kind == Foreign::Kind::code ? " holds code of the project" : " names " + first.name) +
                ", which runs in the project's own Medusa, and the package @medusajs/medusa is not installed: run `npm "
                "install`");
  }

 private:
  void problem(const std::string& key, const Remark& what) { tell_(key, what, Severity::error); }

  void plugin(const std::string& key, const Json& item) {
    const Json& resolve = item.is_object() ? item["resolve"] : item;
    if (!resolve.is_string() || resolve.as_string().empty())
      return problem(key, Remark::not_accepted(kind_text(item), "a package name, or an object with `resolve`"));
    const std::string& name = resolve.as_string();
    const Found found = find_plugin(project_, name);
    const Support support = support_of(name);
    if (found == Found::without_package) return problem(key, ": Plugin " + name + " requires a package.json file");
    const bool native = found != Found::in_project && support != Support::none;
    if (item.is_object()) unknown_members(key, item, kPluginMembers);
    if (!native)
      return foreign(key, "plugin", name,
                     found == Found::nowhere
                         ? "Unable to find plugin \"" + name + "\". Perhaps you need to install its package?"
                         : std::string());
    if (support == Support::module)
      return tell_(key, " names " + name + ", which is without effect here: it belongs to modules", Severity::warning);
    if (support == Support::native && item["options"].is_object())
      plugin_options(key + ".options", name, item["options"]);
    config_.plugins.push_back({name, item["options"].is_object() ? item["options"] : Json::object()});
  }

  void module(const std::string& key, const Json& value) {
    const std::string place = "modules." + key;
    const auto fallback = default_package(key);
    if (fallback.empty()) return unknown_module(key, place);
    // The documentation's words: 1.20 loads the default package for false and for a text.
    if (value == Json(false)) {
      if (is_required(key))
        problem(place, " is false, but nothing works without it: leave it out for " + std::string(fallback));
      return;
    }
    Module module{key, std::string(fallback), Json::object(), Resources::shared, {}, false};
    if (value.is_string() && !value.as_string().empty())
      module.package = value.as_string();
    else if (value.is_object() && !value.has("$type"))
      read_module(place, value, module);
    else if (value != Json(true))
      return problem(place, Remark::not_accepted(kind_text(value), "true, false, a package name, or an object with "
                                                                   "`resolve` and `options`"));
    if (support_of(module.package) == Support::none) {
      const bool missing = find_module(project_, module.package) == Found::nowhere;
      return foreign(place, "module", module.package,
                     missing ? "Cannot find module '" + module.package + "'" : std::string());
    }
    if (const auto proper = module_of(module.package); proper != key)
      return problem(place, " names " + module.package + ", which is " +
                                (proper.empty() ? "no module" : "for modules." + std::string(proper)));
    // Tables in another database are the package's own.
    if (is_elsewhere(module)) {
      const bool missing = find_module(project_, module.package) == Found::nowhere;
      return foreign(place, "module", module.package,
                     missing
                         ? "Cannot find module '" + module.package + "', and only it knows tables in another database"
                         : std::string());
    }
    check_options(place, module);
    config_.modules.push_back(std::move(module));
  }

  static bool has_tables(const Module& module) {
    return module.key == "inventoryService" || module.key == "stockLocationService";
  }
  bool is_elsewhere(const Module& module) const {
    const Json& url = module.options["database"]["url"];
    return has_tables(module) && module.resources == Resources::isolated && url.is_string() &&
           !(url == Json(config_.database_url));
  }

  void unknown_module(const std::string& key, const std::string& place) {
    const std::string all = base::join(module_keys(), ", "), near = base::nearest(key, module_keys());
    Remark remark(" is no module of 1.20; the keys are " + all + (near.empty() ? "" : " (did you mean " + near + "?)"));
    remark.accepted = all;
    remark.nearest = near.empty() ? near : "modules." + near;
    problem(place, remark);
  }

  void read_module(const std::string& place, const Json& value, Module& module) {
    const auto member = [&](const char* name, bool fits, const char* accepts) {
      if (!value[name].is_nullish() && !fits)
        problem(place + "." + name, Remark::not_accepted(kind_text(value[name]), accepts));
      return !value[name].is_nullish() && fits;
    };
    if (member("resolve", value["resolve"].is_string() && !value["resolve"].as_string().empty(), "a package name"))
      module.package = value["resolve"].as_string();
    if (member("options", value["options"].is_object(), "an object")) module.options = value["options"];
    if (member("alias", value["alias"].is_string(), "a text")) module.alias = value["alias"].as_string();
    if (member("main", value["main"].is_bool(), "true or false")) module.main = value["main"].as_bool();
    const Json& resources = value["resources"];
    if (member("resources", resources == Json("shared") || resources == Json("isolated"),
               "\"shared\" or \"isolated\"") &&
        resources == Json("isolated"))
      module.resources = Resources::isolated;
    unknown_members(place, value, kModuleMembers);
    if (value["scope"] == Json("external")) problem(place + ".scope", ": External Modules are not supported yet.");
  }

  // Nothing reads them, and the one that was meant is not there.
  void unknown_members(const std::string& place, const Json& value, const std::vector<std::string>& known) {
    for (const auto& [name, member] : value.as_object()) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      const std::string near = base::nearest(name, known);
      Remark remark(" is without effect" + (near.empty() ? "" : " (did you mean " + near + "?)"));
      remark.accepted = base::join(known, ", ");
      remark.nearest = near;
      tell_(place + "." + name, remark, Severity::warning);
    }
  }

  void plugin_options(const std::string& place, std::string_view package, const Json& options) {
    std::vector<std::string> known;
    for (const PluginOption& option : kPluginOptions) {
      if (option.package != package) continue;
      known.emplace_back(option.name);
      const Json& value = options[option.name];
      if (!value.is_nullish() && !config::check(option.kind, value))
        problem(place + "." + known.back(), Remark::not_accepted(kind_text(value), std::string(accepted(option.kind))));
    }
    unknown_members(place, options, known);
    if (package != kDashboard || !options["path"].is_string()) return;
    if (const std::string& path = options["path"].as_string(); const auto fault = dashboard_path_fault(path))
      problem(place + ".path", Remark::not_accepted(Json(path).dump(), *fault));
  }

  // An alias names one module. A module without one goes by its key.
  void shared_aliases() {
    const auto name_of = [](const Module& m) { return m.alias.empty() ? m.key : m.alias; };
    for (std::size_t at = 0; at < config_.modules.size(); ++at)
      for (std::size_t before = 0; before < at; ++before) {
        const Module &module = config_.modules[at], &other = config_.modules[before];
        if (name_of(module) != name_of(other)) continue;
        const Module& named = module.alias.empty() ? other : module;
        problem("modules." + named.key + ".alias",
                " is \"" + named.alias + "\", and so is " +
                    (module.alias.empty() || other.alias.empty() ? "the key of another module"
                                                                 : "that of modules." + other.key) +
                    ": each module needs a name of its own");
      }
  }

  void check_options(const std::string& place, Module& module) {
    const std::string options = place + ".options.";
    std::vector<std::string> known{"database"}; // of any module with connections of its own
    for (const ModuleOption& option : kModuleOptions)
      if (option.package == module.package) known.emplace_back(option.name);
    unknown_members(place + ".options", module.options, known);
    for (const ModuleOption& option : kModuleOptions) {
      if (option.package != module.package) continue;
      const Property property{.key = option.name,
                              .kind = option.kind,
                              .fallback = {},
                              .example = {},
                              .secrecy = Secrecy::secret,
                              .environment = {},
                              .precedence = Precedence::file,
                              .since = {},
                              .description = {},
                              .store = nullptr,
                              .bounds = option.bounds};
      const auto usable = check(property, module.options[option.name]);
      const std::string name = options + std::string(option.name);
      if (!usable)
        problem(name, Remark::not_accepted(kind_text(module.options[option.name]), accepted(property)));
      else if (usable->is_undefined() || *usable == Json(""))
        module.options.erase(option.name);
      else
        module.options.set(option.name, *usable);
      if (usable && !option.missing.empty() && !module.options.has(option.name))
        problem(name, ": " + std::string(option.missing));
    }
    for (const auto& [name, driver] : kDriverOptions)
      if (module.options.has(name))
        module.options.set(
            name, checked_driver_options(
                      driver, module.options[name], options + name,
                      [&](const std::string& key, const Remark& what) { problem(key, what); },
                      [&](const std::string& key, const Remark& what) { tell_(key, what, Severity::warning); }));
    if (module.package == kEventBus && module.options["redisOptions"].has("keyPrefix"))
      problem(options + "redisOptions.keyPrefix", ": BullMQ: ioredis does not support ioredis prefixes, use the prefix "
                                                  "option instead.");
    if (module.resources == Resources::isolated && has_tables(module) && !module.options["database"]["url"].is_string())
      problem(place, ": Database config is not present at module config \"options.database\"");
  }

  void foreign(const std::string& key, const std::string& what, const std::string& name, const std::string& missing) {
    if (!missing.empty())
      problem(key, ": " + missing);
    else if (what == "module")
      config_.foreign.push_back({Foreign::Kind::module, key.substr(key.find('.') + 1), name});
    else
      config_.foreign.push_back({Foreign::Kind::plugin, key, name});
  }

  static std::string kind_text(const Json& value) {
    switch (value.kind()) {
    case Json::Kind::string: return value.as_string().empty() ? "an empty text" : "a text";
    case Json::Kind::array: return "a list";
    case Json::Kind::object:
      if (is_undefined(value)) return "undefined";
      return value["$type"].is_string() ? "a " + value["$type"].as_string() : "an object";
    case Json::Kind::integer:
    case Json::Kind::number: return "a number";
    default: return value.dump();
    }
  }

  Config& config_;
  const fs::path project_;
  const Tell& tell_;
};
} // namespace

void read_extensions(Config& config, const Tell& tell) {
  Reader reader(config, tell);
  reader.plugins();
  reader.modules();
  reader.project_code();
  reader.medusa();
}

} // namespace config
