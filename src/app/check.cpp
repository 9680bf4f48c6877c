#include "app/check.hpp"
#include "app/dashboard.hpp"
#include "app/database.hpp"
#include "app/front.hpp"
#include "app/metrics.hpp"
#include "app/mirror_options.hpp"
#include "app/setting.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "config/properties.hpp"
#include "events/redis_bus.hpp"
#include "http/cors.hpp"
#include "redis/redis.hpp"
#include <algorithm>
#include <charconv>
#include <netdb.h>
#include <sys/socket.h>

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
      add("env:PORT",
          config::Remark::not_accepted(base::Json(text).dump(), std::string(config::accepted(config::Kind::port))),
          Severity::error, text);
  }

  // 1.20 listens everywhere, whatever it says; whoever names an address wants that one.
  void host() {
    if (config_.host.empty()) return;
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int failure = ::getaddrinfo(config_.host.c_str(), nullptr, &hints, &found);
    if (found) ::freeaddrinfo(found);
    if (failure == 0) return;
    config::Remark remark(" is " + base::Json(config_.host).dump() + ", which can't be resolved (" +
                          ::gai_strerror(failure) +
                          "); it accepts an address or a name of this machine, and empty listens on every address");
    remark.found = config_.host;
    remark.accepted = "an address or a name of this machine";
    add("env:HOST", remark, Severity::error, config_.host);
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
      const bool said = std::any_of(config_.findings.begin(), config_.findings.end(), [](const auto& finding) {
        return finding.severity == Severity::error && finding.key == "projectConfig.database_url";
      });
      if (config_.production() && !said)
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

  // 1.20 says so at each start, as an order can't be paid or sent then.
  void providers() {
    for (const auto& [package, kind] :
         {std::pair{"medusa-payment-manual", "payment"}, std::pair{"medusa-fulfillment-manual", "fulfillment"}})
      if (!config_.plugin(package))
        add("plugins",
            ": You don't have any " + std::string(kind) +
                " provider plugins installed. You may want to add one to your project.",
            Severity::advice);
  }

  // 1.20 ends where there is no build.
  void dashboard() {
    if (const auto fault = dashboard_fault(config_)) add("plugins", ": " + *fault, Severity::warning);
  }

  void metrics() {
    if (!metrics_place(config_) && !metrics_setting(config_).empty())
      add("env:STHENO_METRICS", " is not a port, nor address:port", Severity::error, metrics_setting(config_));
  }

  void mirror() {
    if (const auto fault = mirror_fault(config_))
      add(std::string(fault->key), fault->says, Severity::error, setting_text(config_, fault->key));
  }

  void storefront() {
    if (const auto fault = storefront_fault(config_))
      add("env:STHENO_STOREFRONT", *fault, Severity::error, named_storefront(config_));
  }

  void event_bus() {
    const config::Module* module = config_.module("eventBus");
    if (!module || module->package != "@medusajs/event-bus-redis") return;
    try {
      events::redis_bus_options(module->options);
    } catch (const std::invalid_argument& fault) {
      add("modules.eventBus.options", "." + std::string(fault.what()), Severity::error);
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
      redis::check(redis::options_from(text, options));
    } catch (const std::invalid_argument& fault) {
      add(key, ": " + std::string(fault.what()), Severity::error);
    }
  }

  // `effective`: what counts of a variable that an option of the command line may take the place of.
  void add(const std::string& key, const config::Remark& remark, Severity severity, const std::string& effective = {}) {
    config::Place place;
    std::string name = key.starts_with("env:") ? key.substr(4) : key;
    for (const config::Setting& setting : config_.settings) {
      // A key of the file may have a place below it behind it: "plugins[0]".
      if (name == key ? !key.starts_with(setting.property->key) : key != setting.property->key) continue;
      place = setting.place;
      if (name == key || setting.value == base::Json(effective)) continue;
      place = {};
      name = "--" + base::lower(name);
    }
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
  checker.host();
  checker.origins();
  checker.database();
  checker.redis();
  checker.event_bus();
  checker.providers();
  checker.dashboard();
  checker.metrics();
  checker.mirror();
  checker.storefront();
}

} // namespace app
