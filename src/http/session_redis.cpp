#include "base/time.hpp"
#include "http/session.hpp"
#include "redis/redis.hpp"

namespace http {

using std::chrono::milliseconds;

namespace {
// connect-redis' own, for sessions without an expiry.
constexpr std::int64_t kDaySeconds = 86'400;

std::string seconds_text(const std::optional<milliseconds>& lifetime) {
  return std::to_string(lifetime ? (lifetime->count() + 999) / 1000 : kDaySeconds);
}
} // namespace

RedisSessionStore::RedisSessionStore(redis::Client& client, const config::Config& config)
    : client_(client), prefix_(client.key_prefix() + config.redis_prefix + "sess:"), secure_(config.secure_cookies()),
      resave_(config.session_options.resave) {}

std::optional<StoredSession> RedisSessionStore::load(const std::string& id) {
  const auto reply = client_.run({"GET", prefix_ + id});
  if (reply.is_nil()) return std::nullopt;
  try {
    StoredSession session{base::parse_json(reply.text), std::nullopt};
    if (!session.data.is_object()) return std::nullopt;
    if (const auto& age = session.data["cookie"]["originalMaxAge"]; age.is_number())
      session.lifetime = milliseconds(static_cast<std::int64_t>(age.as_number()));
    session.data.erase("cookie");
    return session;
  } catch (const base::JsonParseError&) {
    return std::nullopt; // not ours, or damaged: the client gets a new session
  }
}

std::string RedisSessionStore::value_of(const StoredSession& session) const {
  auto cookie = base::Json::object();
  cookie.set("originalMaxAge", session.lifetime ? base::Json(session.lifetime->count()) : base::Json(false));
  cookie.set("expires",
             session.lifetime ? base::Json(base::iso_time(base::now() + *session.lifetime)) : base::Json(false));
  cookie.set("secure", secure_);
  cookie.set("httpOnly", true);
  cookie.set("path", "/");
  cookie.set("sameSite", secure_ ? base::Json("none") : base::Json(false));
  auto value = base::Json::object();
  value.set("cookie", std::move(cookie));
  for (const auto& member : session.data.as_object()) value.set(member.name, member.value);
  return value.dump();
}

void RedisSessionStore::save(const std::string& id, const StoredSession& session) {
  client_.run({"SET", prefix_ + id, value_of(session), "EX", seconds_text(session.lifetime)});
}

// Nobody waits for a renewal: when it is lost, the session merely ends a little earlier.
void RedisSessionStore::renew(const std::string& id, const StoredSession& session) {
  if (resave_)
    client_.send({"SET", prefix_ + id, value_of(session), "EX", seconds_text(session.lifetime), "XX"});
  else
    client_.send({"EXPIRE", prefix_ + id, seconds_text(session.lifetime)});
}

void RedisSessionStore::destroy(const std::string& id) { client_.run({"DEL", prefix_ + id}); }

} // namespace http
