// Medusa 1.20: the module `cacheService`, whose values all processes of a shop may share. This server keeps
// nothing in it for itself (docs/decisions/0006-caches.md): it takes away what a change has made untrue
// there, so that a Medusa beside it shows no old price, and it will be what plugins get under that name. Owns
// nothing. Made by app, one for each thread; called by ports::Call after a commit, on fibers of that thread.
#pragma once
#include "base/json.hpp"
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redis {
class Client;
}

namespace ports {

class Cache {
 public:
  virtual ~Cache() = default;
  // nullopt: not there, not any more, or not to be had.
  virtual std::optional<base::Json> get(std::string_view key) = 0;
  // For so many seconds, or the configured ones; 0: not at all.
  virtual void set(std::string_view key, const base::Json& value, std::optional<std::chrono::seconds> ttl = {}) = 0;
  // Removes all keys that match one of the patterns, in which * stands for anything. What can't be removed
  // because Redis is away ends by itself; that is logged.
  virtual void invalidate(const std::vector<std::string>& patterns) = 0;
};

struct CacheOptions {
  std::chrono::seconds ttl{30};
  std::string name_space = "medusa"; // of Redis
};

// @medusajs/cache-inmemory: of this process; what is made of one store shows the same values. Any thread.
class MemoryStore;
std::shared_ptr<MemoryStore> memory_store();
std::unique_ptr<Cache> memory_cache(std::shared_ptr<MemoryStore> store, const CacheOptions& options);

// @medusajs/cache-redis: JSON under "<namespace>:<key>".
std::unique_ptr<Cache> redis_cache(std::unique_ptr<redis::Client> client, const CacheOptions& options);

// Whether `text` matches a pattern as a whole.
bool matches_pattern(std::string_view pattern, std::string_view text);

} // namespace ports
