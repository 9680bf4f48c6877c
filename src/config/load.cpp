#include "base/strings.hpp"
#include "config/driver_options.hpp"
#include "config/environment.hpp"
#include "config/evaluate.hpp"
#include "config/properties.hpp"
#include "config/supported.hpp"
#include <cstdlib>

namespace config {
namespace {
using base::Json;

const Json& at_path(const Json& root, std::string_view path) {
  const Json* value = &root;
  for (const std::string& name : base::split(path, '.')) value = &(*value)[name];
  return *value;
}

// What was found, as a message may show it.
std::string shown(const Property& property, const Json& value) {
  if (property.secrecy == Secrecy::secret) return "a value of another kind";
  std::string text = value.dump();
  constexpr std::size_t kLongest = 80;
  if (text.size() > kLongest) {
    text.resize(kLongest);
    text.append("...");
  }
  return text;
}

class Loader {
 public:
  Loader(Json exported, const LoadOptions& options, const std::string& file, Environment lookup)
      : options_(options), name_(file.substr(file.rfind('/') + 1)), lookup_(lookup) {
    config_.project = options.project;
    config_.file = file;
    config_.raw = std::move(exported);
  }

  Config load() {
    for (const Property& property : properties()) apply(property);
    secrets();
    drivers();
    plugins();
    modules();
    hints();
    if (problems_.empty()) return std::move(config_);
    throw ConfigError(base::join(problems_, "\n"));
  }

 private:
  void problem(std::string text) { problems_.push_back(std::move(text)); }
  void warn(std::string text) { config_.warnings.push_back(std::move(text)); }

  void apply(const Property& property) {
    const std::string variable =
        property.environment.empty() ? "" : lookup_(std::string(property.environment).c_str());
    const Json from_environment = variable.empty() ? Json() : Json(variable);
    const bool in_file = !property.key.starts_with("env:");
    const Json& from_file = in_file ? at_path(config_.raw, property.key) : from_environment;
    if (property.precedence == Precedence::environment && take(property, from_environment, property.environment)) return;
    if (in_file && take(property, from_file, property.key)) return;
    if (property.precedence == Precedence::file && take(property, from_environment, property.environment)) return;
  }

  // Whether the value counts as given.
  bool take(const Property& property, const Json& value, std::string_view where) {
    const auto usable = check(property.kind, value);
    const bool of_environment = where == property.environment;
    const std::string place = of_environment ? std::string(where) : name_ + ": " + std::string(where);
    if (!usable) {
      // Medusa 1.20: an unknown worker mode in the environment is as none.
      if (of_environment && property.kind == Kind::worker_mode) return false;
      problem(place + " is " + shown(property, value) + "; it accepts " + std::string(accepted(property.kind)));
      return true;
    }
    if (usable->is_undefined()) return false;
    try {
      property.store(config_, *usable);
    } catch (const ConfigError& refused) {
      problem(place + ": " + refused.what());
    }
    return true;
  }

  // An empty secret counts as none: 1.20 starts with it and then fails every request.
  void secrets() {
    const auto missing = [&](std::string_view key, std::string_view variable) {
      const std::string name(key);
      if (config_.production())
        problem(name_ + ": " + name + " not found: production needs one; set projectConfig." + name + " or " +
                std::string(variable));
      else
        warn(name + " is not set, so that everybody knows it: \"supersecret\"");
    };
    const auto given = [&](std::string_view key, std::string_view variable) {
      const Json& value = config_.raw["projectConfig"][key];
      return value.truthy() || !lookup_(std::string(variable).c_str()).empty();
    };
    if (config_.jwt_secret.empty()) config_.jwt_secret = Config{}.jwt_secret;
    if (!given("jwt_secret", "JWT_SECRET")) missing("jwt_secret", "JWT_SECRET");
    if (!given("cookie_secret", "COOKIE_SECRET") && config_.session_options.secrets.empty())
      missing("cookie_secret", "COOKIE_SECRET");
    if (config_.session_options.secrets.empty()) config_.session_options.secrets = config_.cookie_secrets;
    if (config_.session_options.name.empty()) config_.session_options.name = SessionOptions{}.name;
  }

  void drivers() {
    const auto checked = [&](Driver driver, std::string_view key) {
      return checked_driver_options(
          driver, config_.raw["projectConfig"][key], name_ + ": projectConfig." + std::string(key),
          [&](std::string text) { problem(std::move(text)); }, [&](std::string text) { warn(std::move(text)); });
    };
    config_.database_extra = checked(Driver::pg, "database_extra");
    config_.redis_options = checked(Driver::ioredis, "redis_options");
    const Json& logging = config_.raw["projectConfig"]["database_logging"];
    const auto known = [](const Json& word) {
      return std::any_of(std::begin(kDatabaseLoggingWords), std::end(kDatabaseLoggingWords),
                         [&](const auto& row) { return word == Json(row.text); });
    };
    const bool silent = logging.is_string() && logging != Json("all") && logging != Json("");
    if (silent || (logging.is_array() && !std::all_of(logging.as_array().begin(), logging.as_array().end(), known)))
      warn(name_ + ": projectConfig.database_logging is " + logging.dump().substr(0, 80) + "; what it accepts is " +
           std::string(accepted(Kind::logging)));
  }

  void plugins() {
    const Json& list = config_.raw["plugins"];
    if (!list.is_array()) return; // absent, or refused already
    std::size_t position = 0;
    for (const Json& item : list.as_array()) {
      const std::string place = name_ + ": plugins[" + std::to_string(position++) + "]";
      const Json& resolve = item.is_object() ? item["resolve"] : item;
      if (!resolve.is_string() || resolve.as_string().empty()) {
        problem(place + " is " + item.dump().substr(0, 80) + "; it accepts a package name, or an object with `resolve`");
        continue;
      }
      Plugin plugin{resolve.as_string(), item["options"].is_object() ? item["options"] : Json::object()};
      if (support_of(plugin.resolve) == Support::none) {
        unsupported(place, "the plugin", plugin.resolve);
        continue;
      }
      config_.plugins.push_back(std::move(plugin));
    }
  }

  void modules() {
    const Json& table = config_.raw["modules"];
    if (!table.is_object()) return;
    for (const auto& [key, value] : table.as_object()) {
      const std::string place = name_ + ": modules." + key;
      const auto fallback = default_package(key);
      if (fallback.empty()) {
        problem(place + " is no module of 1.20; the keys are " + module_keys());
        continue;
      }
      if (value == Json(false) || value.is_null()) continue;
      Module module{key, std::string(fallback), Json::object()};
      if (value.is_string()) {
        module.package = value.as_string();
      } else if (value.is_object()) {
        if (value["resolve"].is_string()) module.package = value["resolve"].as_string();
        if (value["options"].is_object()) module.options = value["options"];
      } else if (value != Json(true)) {
        problem(place + " is " + value.dump().substr(0, 80) +
                "; it accepts true, false, a package name, or an object with `resolve` and `options`");
        continue;
      }
      if (support_of(module.package) == Support::none) {
        unsupported(place, "the module", module.package);
        continue;
      }
      config_.modules.push_back(std::move(module));
    }
  }

  void unsupported(const std::string& place, const std::string& what, const std::string& package) {
    if (options_.unsupported_plugins == UnsupportedPlugins::refuse)
      problem(place + ": " + what + " " + package +
              " is not supported by this version; start without it by --ignore-unsupported-plugins");
    else
      warn("left out " + what + " " + package + ": not supported by this version");
  }

  // Names of the next generation, which 1.20 silently ignores.
  void hints() {
    constexpr std::pair<std::string_view, std::string_view> kRenamed[] = {
        {"storeCors", "store_cors"},     {"adminCors", "admin_cors"},       {"databaseUrl", "database_url"},
        {"redisUrl", "redis_url"},       {"databaseExtra", "database_extra"}, {"workerMode", "worker_mode"},
        {"jwtSecret", "jwt_secret"},     {"cookieSecret", "cookie_secret"}};
    for (const auto& [found, meant] : kRenamed)
      if (config_.raw["projectConfig"].has(found))
        warn(name_ + ": projectConfig." + std::string(found) + " is without effect; 1.20 calls it " +
                       std::string(meant));
    for (const char* flag : {"medusa_v2", "workflows"})
      if (config_.raw["featureFlags"][flag].truthy())
        warn(name_ + ": featureFlags." + std::string(flag) + " is without effect here");
  }

  const LoadOptions& options_;
  std::string name_;
  Environment lookup_;
  Config config_;
  std::vector<std::string> problems_;
};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}
} // namespace

const Plugin* Config::plugin(std::string_view resolve) const {
  for (const Plugin& p : plugins)
    if (p.resolve == resolve) return &p;
  return nullptr;
}

const Module* Config::module(std::string_view key) const {
  for (const Module& m : modules)
    if (m.key == key) return &m;
  return nullptr;
}

Config from_json(Json exported, const LoadOptions& options, const std::string& file, Environment lookup) {
  if (!exported.is_object()) {
    const std::string name = file.substr(file.rfind('/') + 1);
    throw ConfigError(name + ": it must export an object, not " + exported.dump().substr(0, 80));
  }
  return Loader(std::move(exported), options, file, lookup).load();
}

Config load(const LoadOptions& options) {
  LoadOptions absolute = options;
  absolute.project = absolute_path(options.project);
  // Medusa's command line does the same before anything reads it.
  if (variable("NODE_ENV").empty()) ::setenv("NODE_ENV", "development", 1);
  Evaluated evaluated = evaluate(absolute.project);
  // What the file itself has put into its environment (dotenv) counts first, then the project's .env.
  for (const auto& [name, value] : evaluated.environment) ::setenv(name.c_str(), value.c_str(), 0);
  for (const auto& [name, value] : read_environment_file(absolute.project + "/.env"))
    ::setenv(name.c_str(), value.c_str(), 0);
  return from_json(std::move(evaluated.exported), absolute, evaluated.file, variable);
}

} // namespace config
