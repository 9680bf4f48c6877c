// Login sessions as express-session and its stores keep them: a signed cookie that names an entry of a store. Owns the
// in-memory store. Sessions is made once and read-only; a MemorySessionStore is shared by all threads; stores that talk
// to Redis are one per thread.
#pragma once
#include "base/strings.hpp"
#include "config/config.hpp"
#include "http/crypto.hpp"
#include "http/http.hpp"
#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace redis {
class Client;
}

namespace http {

struct StoredSession {
  base::Json data = base::Json::object();
  std::optional<std::chrono::milliseconds> lifetime; // from the last use; none: as long as the store likes
};

class SessionStore {
 public:
  virtual ~SessionStore() = default;
  virtual std::optional<StoredSession> load(const std::string& id) = 0;
  virtual void save(const std::string& id, const StoredSession& session) = 0;
  // Renews what is there and makes nothing new, so that a session just ended elsewhere stays ended.
  virtual void renew(const std::string& id, const StoredSession& session) = 0;
  virtual void destroy(const std::string& id) = 0;
};

// Bounded: sessions of visitors who never log in can't push out those of people who did.
class MemorySessionStore final : public SessionStore {
 public:
  struct Bounds {
    std::size_t empty = 10'000, filled = 100'000;
  };
  MemorySessionStore() : MemorySessionStore(Bounds()) {}
  explicit MemorySessionStore(Bounds bounds) : bounds_(bounds) {}
  std::optional<StoredSession> load(const std::string& id) override;
  void save(const std::string& id, const StoredSession& session) override;
  void renew(const std::string& id, const StoredSession& session) override;
  void destroy(const std::string& id) override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    std::string data; // JSON
    std::optional<std::chrono::milliseconds> lifetime;
    Clock::time_point expires;
    bool filled;
    std::list<std::string>::iterator place;
  };
  std::list<std::string>& shelf(bool filled) { return filled ? filled_ : empty_; }
  void forget(base::StringMap<Entry>::iterator entry);

  const Bounds bounds_;
  std::mutex mutex_;
  base::StringMap<Entry> entries_;
  std::list<std::string> empty_, filled_; // ids, the least recently used first
};

// Keys "<prefix>sess:<id>", values as connect-redis writes them.
class RedisSessionStore final : public SessionStore {
 public:
  RedisSessionStore(redis::Client& client, const config::Config& config);
  std::optional<StoredSession> load(const std::string& id) override;
  void save(const std::string& id, const StoredSession& session) override;
  void renew(const std::string& id, const StoredSession& session) override;
  void destroy(const std::string& id) override;

 private:
  std::string value_of(const StoredSession& session) const;
  redis::Client& client_;
  std::string prefix_;
  bool secure_, resave_;
};

// What a request's session was when the request came.
struct OpenSession {
  Session session;
  std::string cookie_id; // of a cookie with a right signature; empty otherwise
  std::string original;  // the data as text
  std::optional<std::chrono::milliseconds> lifetime;
};

class Sessions {
 public:
  explicit Sessions(const config::Config& config);
  // Whether such a request has a session at all.
  bool concern(const Request& request) const;
  // Before anything else of a request.
  void open(const Request& request, SessionStore& store, OpenSession& open) const;
  // When the response stands: stores what has changed and sets the cookie. Throws when a login can't be stored.
  void close(const Request& request, SessionStore& store, OpenSession& open, Response& response) const;

 private:
  std::string cookie(const std::string& id, const std::optional<std::chrono::milliseconds>& lifetime) const;
  config::SessionOptions options_;
  std::vector<Mac> macs_; // the first signs
  std::optional<std::chrono::milliseconds> lifetime_;
  bool secure_;
};

} // namespace http
