#include "app/cache.hpp"
#include "app/redis.hpp"
#include "base/error.hpp"

namespace app {
namespace {

ports::CacheOptions options_of(const base::Json& module) {
  ports::CacheOptions options;
  if (module["ttl"].is_number()) options.ttl = std::chrono::seconds(module["ttl"].as_int());
  // Medusa 1.20: an empty one is none.
  if (module["namespace"].is_string() && !module["namespace"].as_string().empty())
    options.name_space = module["namespace"].as_string();
  return options;
}

// Of the project's own Medusa, which keeps prices in it. Nothing is read from it here.
class ChildCache final : public ports::Cache {
 public:
  explicit ChildCache(plugins::Child& child) : child_(child) {}
  std::optional<base::Json> get(std::string_view) override { return std::nullopt; }
  void set(std::string_view, const base::Json&, std::optional<std::chrono::seconds>) override {}
  void invalidate(const std::vector<std::string>& patterns) override {
    base::JsonArray keys;
    for (const auto& pattern : patterns) keys.emplace_back(pattern);
    try {
      child_.request("invalidate", base::JsonObject{{"keys", std::move(keys)}}, std::chrono::seconds(1));
    } catch (const base::Error&) {
      // A child that is not there begins with an empty cache; one that is slow forgets the keys by itself.
    }
  }

 private:
  plugins::Child& child_;
};

} // namespace

MakeCache cache_of(const config::Config& config, plugins::Child* child) {
  const config::Module* module = config.module("cacheService");
  const ports::CacheOptions options = module ? options_of(module->options) : ports::CacheOptions{};
  if (child && (!module || module->package != "@medusajs/cache-redis"))
    return [child](boost::asio::io_context&) { return std::make_unique<ChildCache>(*child); };
  if (!module || module->package != "@medusajs/cache-redis")
    return [store = ports::memory_store(), options](boost::asio::io_context&) {
      return ports::memory_cache(store, options);
    };
  return [connection = module_redis(*module), options](boost::asio::io_context& io) {
    return ports::redis_cache(std::make_unique<redis::Client>(io, connection), options);
  };
}

} // namespace app
