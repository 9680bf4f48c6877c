#include "app/check.hpp"
#include "app/database.hpp"
#include "base/error.hpp"
#include "config/properties.hpp"
#include "http/cors.hpp"
#include "redis/redis.hpp"
#include <charconv>

namespace app {
namespace {
using config::Severity;

class Checker {
 public:
  explicit Checker(config::Config& config) : config_(config) {}

  void port() {
    unsigned short port = 0;
    const std::string& text = config_.port;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    // 1.20 makes a Unix socket of any other text; shops behind a proxy on one machine are few, and told.
    if (failure != std::errc{} || end != text.data() + text.size())
      add("env:PORT", config::Remark::not_accepted(text, "a number from 0 to 65535"), Severity::error);
  }

  void origins() {
    for (const auto& [key, list] : {std::pair{"projectConfig.store_cors", &config_.store_cors},
                                    std::pair{"projectConfig.admin_cors", &config_.admin_cors},
                                    std::pair{"projectConfig.auth_cors", &config_.auth_cors}})
      for (const config::Origin& origin : *list)
        if (const auto fault = http::pattern_fault(origin)) {
          config::Remark remark(": the pattern " + origin.text + " is broken: " + *fault +
                                "; a literal origin needs no slash before it, and a literal slash, dot or bracket in a "
                                "pattern needs a backslash");
          remark.found = origin.text;
          add(key, remark, Severity::error);
        }
  }

  void database() {
    if (!names_database(config_)) {
      if (config_.production())
        add("projectConfig.database_url", " is not set, nor is a PG* variable: production wants a database of its own",
            Severity::error);
      return;
    }
    try {
      db::check(db::options_from(config_, 1));
    } catch (const base::Error& fault) {
      add("projectConfig.database_url", ": " + std::string(fault.what()), Severity::error);
    }
  }

  void redis() {
    url("projectConfig.redis_url", config_.redis_url, config_.redis_options);
    if (config_.redis_url.empty() && config_.production())
      add("projectConfig.redis_url", " is not set: in production sessions live in this process, and end with it",
          Severity::advice);
    for (const config::Module& module : config_.modules)
      if (module.options["redisUrl"].is_string())
        url("modules." + module.key + ".options.redisUrl", module.options["redisUrl"].as_string(),
            module.options["redisOptions"]);
  }

 private:
  void url(const std::string& key, const std::string& text, const base::Json& options) {
    if (text.empty()) return;
    try {
      redis::options_from(text, options);
    } catch (const std::invalid_argument& fault) {
      add(key, ": " + std::string(fault.what()), Severity::error);
    }
  }

  void add(const std::string& key, const config::Remark& remark, Severity severity) {
    config::Place place;
    for (const config::Setting& setting : config_.settings)
      if (key.starts_with(setting.property->key)) place = setting.place;
    const std::string name = key.starts_with("env:") ? key.substr(4) : key;
    config_.findings.push_back(
        {severity, place, name, name + remark.text, remark.found, remark.accepted, remark.nearest});
  }

  config::Config& config_;
};
} // namespace

void check(config::Config& config) {
  if (config.settings.empty()) return; // the file couldn't be read, which has been said
  Checker checker(config);
  checker.port();
  checker.origins();
  checker.database();
  checker.redis();
}

} // namespace app
