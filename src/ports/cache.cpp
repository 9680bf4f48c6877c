#include "ports/cache.hpp"
#include "base/log.hpp"
#include "base/strings.hpp"
#include "redis/redis.hpp"
#include <algorithm>
#include <mutex>

namespace ports {

using base::Json;
using Clock = std::chrono::steady_clock;

bool matches_pattern(std::string_view pattern, std::string_view text) {
  // Where the last * was, and where in the text it is taken to end: one step back suffices.
  std::size_t at = 0, star = std::string_view::npos, resume = 0, i = 0;
  while (i < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      resume = i;
    } else if (at < pattern.size() && pattern[at] == text[i]) {
      ++at;
      ++i;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      i = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

namespace {

bool matches_one(const std::vector<std::string>& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const auto& pattern) { return matches_pattern(pattern, text); });
}

} // namespace

class MemoryStore {
 public:
  std::optional<Json> get(std::string_view key) {
    const std::lock_guard lock(mutex_);
    const auto found = values_.find(key);
    if (found == values_.end() || found->second.end < Clock::now()) return {};
    return found->second.value;
  }
  void set(std::string_view key, const Json& value, std::chrono::seconds ttl) {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    // Those that nobody has asked for again; once for as many as there are.
    if (values_.size() >= sweep_at_) {
      std::erase_if(values_, [&](const auto& entry) { return entry.second.end < now; });
      sweep_at_ = std::max<std::size_t>(1024, values_.size() * 2);
    }
    values_.insert_or_assign(std::string(key), Value{value, now + ttl});
  }
  void invalidate(const std::vector<std::string>& patterns) {
    const std::lock_guard lock(mutex_);
    std::erase_if(values_, [&](const auto& entry) { return matches_one(patterns, entry.first); });
  }

 private:
  struct Value {
    Json value;
    Clock::time_point end;
  };
  std::mutex mutex_;
  base::StringMap<Value> values_;
  std::size_t sweep_at_ = 1024;
};

namespace {

class MemoryCache final : public Cache {
 public:
  MemoryCache(std::shared_ptr<MemoryStore> store, const CacheOptions& options)
      : store_(std::move(store)), ttl_(options.ttl) {}
  std::optional<Json> get(std::string_view key) override { return store_->get(key); }
  void set(std::string_view key, const Json& value, std::optional<std::chrono::seconds> ttl) override {
    if (const auto time = ttl.value_or(ttl_); time.count() > 0) store_->set(key, value, time);
  }
  void invalidate(const std::vector<std::string>& patterns) override { store_->invalidate(patterns); }

 private:
  std::shared_ptr<MemoryStore> store_;
  std::chrono::seconds ttl_;
};

// What Redis takes for more than itself in a pattern.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string_view common_start(const std::vector<std::string>& patterns) {
  std::string_view start = patterns.front();
  for (const auto& pattern : patterns) {
    const auto differs = std::mismatch(start.begin(), start.end(), pattern.begin(), pattern.end()).first;
    start = start.substr(0, static_cast<std::size_t>(differs - start.begin()));
  }
  return start.substr(0, start.find('*'));
}

class RedisCache final : public Cache {
 public:
  RedisCache(std::unique_ptr<redis::Client> client, const CacheOptions& options)
      : client_(std::move(client)), ttl_(options.ttl), start_(client_->key_prefix() + options.name_space + ":") {}

  std::optional<Json> get(std::string_view key) override {
    std::string text;
    try {
      auto reply = client_->run({"GET", start_ + std::string(key)});
      if (reply.is_nil()) return {};
      text = std::move(reply.text);
    } catch (const std::exception& failure) {
      base::log(base::LogLevel::debug, "The cache can't be read", {{"error", failure.what()}});
      return {};
    }
    try {
      return base::parse_json(text);
    } catch (const base::JsonParseError&) {
      client_->send({"DEL", start_ + std::string(key)});
      return {};
    }
  }

  void set(std::string_view key, const Json& value, std::optional<std::chrono::seconds> ttl) override {
    const auto time = ttl.value_or(ttl_).count();
    if (time > 0) client_->send({"SET", start_ + std::string(key), value.dump(), "EX", std::to_string(time)});
  }

  // 1.20 asks KEYS for each pattern, during which Redis serves nobody else. One walk for all of them.
  void invalidate(const std::vector<std::string>& patterns) override {
    if (patterns.empty()) return;
    try {
      const std::string all = escaped(start_) + escaped(common_start(patterns)) + "*";
      std::string cursor = "0";
      do {
        const auto reply = client_->run({"SCAN", cursor, "MATCH", all, "COUNT", "2000"});
        if (reply.elements.size() != 2) break;
        cursor = reply.elements[0].text;
        redis::Command remove{"DEL"};
        for (const auto& key : reply.elements[1].elements)
          if (matches_one(patterns, std::string_view(key.text).substr(start_.size()))) remove.push_back(key.text);
        if (remove.size() > 1) client_->run(std::move(remove));
      } while (cursor != "0");
    } catch (const std::exception& failure) {
      base::log_warn("The shared cache may show what has changed until it forgets by itself",
                     {{"error", failure.what()}});
    }
  }

 private:
  std::unique_ptr<redis::Client> client_;
  std::chrono::seconds ttl_;
  std::string start_; // of every key
};

} // namespace

std::shared_ptr<MemoryStore> memory_store() { return std::make_shared<MemoryStore>(); }

std::unique_ptr<Cache> memory_cache(std::shared_ptr<MemoryStore> store, const CacheOptions& options) {
  return std::make_unique<MemoryCache>(std::move(store), options);
}

std::unique_ptr<Cache> redis_cache(std::unique_ptr<redis::Client> client, const CacheOptions& options) {
  return std::make_unique<RedisCache>(std::move(client), options);
}

} // namespace ports
