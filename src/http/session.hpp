// Login sessions as express-session and its stores keep them: a signed cookie that names an entry of a store. Owns the
// in-memory store. Sessions is made once and read-only; a MemorySessionStore is shared by all threads; stores that talk
// to Redis are one per thread.
#pragma once
#include "base/strings.hpp"
#include "config/config.hpp"
#include "http/cookie_signature.hpp"
#include "http/http.hpp"
#include <atomic>
#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
  // Of one person no more than kMostSessions are kept: the oldest end.
  virtual void save(const std::string& id, const StoredSession& session) = 0;
  // These two renew what is there and make nothing new, so that a session just ended elsewhere stays ended. The first
  // stores the data as well; nobody waits for the second.
  virtual void replace(const std::string& id, const StoredSession& session) = 0;
  virtual void renew(const std::string& id, const StoredSession& session) = 0;
  virtual void destroy(const std::string& id) = 0;
  // All sessions in which that person has logged in.
  virtual void end_all(const std::string& person) = 0;
};
inline constexpr std::size_t kMostSessions = 100;

// Bounded: sessions of visitors who never log in can't push out those of people who did, and customers can't push out
// admins.
class MemorySessionStore final : public SessionStore {
 public:
  struct Bounds {
    std::size_t visitors = 10'000, customers = 100'000, admins = 10'000, of_one_person = kMostSessions;
  };
  MemorySessionStore() : MemorySessionStore(Bounds()) {}
  explicit MemorySessionStore(Bounds bounds)
      : visitors_{bounds.visitors}, customers_{bounds.customers}, admins_{bounds.admins},
        most_of_one_person_(bounds.of_one_person) {}
  std::optional<StoredSession> load(const std::string& id) override;
  void save(const std::string& id, const StoredSession& session) override;
  void replace(const std::string& id, const StoredSession& session) override;
  void renew(const std::string& id, const StoredSession& session) override;
  void destroy(const std::string& id) override;
  void end_all(const std::string& person) override;

 private:
  using Clock = std::chrono::steady_clock;
  using Ids = std::list<std::string>; // of sessions, the least recently used first
  struct Shelf {
    std::size_t most;
    Ids ids{};
  };
  struct Place {
    std::string person;
    Ids::iterator at;
  };
  struct Entry {
    std::string data; // JSON
    std::optional<std::chrono::milliseconds> lifetime;
    Clock::time_point expires;
    Shelf* shelf;
    Ids::iterator at;
    std::vector<Place> of; // among the sessions of each person in it
  };
  Shelf& shelf_of(const base::Json& data);
  void put(const std::string& id, const StoredSession& session);
  void forget(base::StringMap<Entry>::iterator entry);
  void forget(const std::string& id) { forget(entries_.find(id)); }

  std::mutex mutex_;
  base::StringMap<Entry> entries_;
  base::StringMap<Ids> people_;
  Shelf visitors_, customers_, admins_;
  const std::size_t most_of_one_person_;
};

// Keys "<prefix>sess:<id>", values as connect-redis writes them. Beside them "<prefix>stheno:sessions:<person>" names a
// person's sessions, the oldest first.
class RedisSessionStore final : public SessionStore {
 public:
  RedisSessionStore(redis::Client& client, const config::Config& config);
  std::optional<StoredSession> load(const std::string& id) override;
  void save(const std::string& id, const StoredSession& session) override;
  void replace(const std::string& id, const StoredSession& session) override;
  void renew(const std::string& id, const StoredSession& session) override;
  void destroy(const std::string& id) override;
  void end_all(const std::string& person) override;

 private:
  std::string key_of_sessions(std::string_view person) const;
  std::string value_of(const StoredSession& session) const;
  redis::Client& client_;
  const std::string all_prefix_, prefix_;
  bool secure_, resave_;
};

// What a request's session was when the request came.
struct OpenSession {
  Session session;
  std::string cookie_id; // of a cookie with a right signature; empty otherwise
  std::string original;  // the data as text
  std::optional<std::chrono::milliseconds> lifetime;
};

// The members of a session, or a token, that say who it is and of which password.
struct PersonMembers {
  std::string_view id, mark;
};
constexpr PersonMembers members_of(Person person) {
  return person == Person::user ? PersonMembers{"user_id", "user_mark"} : PersonMembers{"customer_id", "customer_mark"};
}
// The ids of whoever has logged in in it.
std::vector<std::string> people_in(const base::Json& data);

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
  void begin(SessionStore& store, OpenSession& open, Response& response) const;
  void warn_of_plain_http() const;
  std::string cookie(const std::string& id, const std::optional<std::chrono::milliseconds>& lifetime) const;
  config::SessionOptions options_;
  std::vector<base::Mac> macs_; // the first signs
  std::optional<std::chrono::milliseconds> lifetime_;
  bool secure_;
  mutable std::atomic_flag warned_;
};

} // namespace http
