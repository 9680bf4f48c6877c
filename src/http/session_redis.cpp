#include "base/error.hpp"
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

std::string milliseconds_text() {
  return std::to_string(std::chrono::duration_cast<milliseconds>(base::now().time_since_epoch()).count());
}
} // namespace

RedisSessionStore::RedisSessionStore(redis::Client& client, const config::Config& config)
    : client_(client), all_prefix_(client.key_prefix() + config.redis_prefix), prefix_(all_prefix_ + "sess:"),
      secure_(config.secure_cookies()), resave_(config.session_options.resave) {}

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

std::string RedisSessionStore::key_of_sessions(std::string_view person) const {
  return all_prefix_ + "stheno:sessions:" + std::string(person);
}

void RedisSessionStore::save(const std::string& id, const StoredSession& session) {
  const auto seconds = seconds_text(session.lifetime);
  std::vector<redis::Command> commands{{"SET", prefix_ + id, value_of(session), "EX", seconds}};
  const auto people = people_in(session.data);
  for (const auto& person : people) {
    const auto key = key_of_sessions(person);
    commands.push_back({"ZADD", key, milliseconds_text(), id});
    commands.push_back({"EXPIRE", key, seconds});
    commands.push_back({"ZRANGE", key, "0", std::to_string(-1 - static_cast<int>(kMostSessions))});
  }
  const auto replies = client_.run_all(commands);
  for (const auto& reply : replies)
    if (reply.kind == redis::Reply::Kind::error)
      throw base::Error(base::ErrorType::unexpected_state, "Redis: " + reply.text);
  redis::Command keys{"DEL"};
  std::vector<redis::Command> ends;
  for (std::size_t i = 0; i < people.size(); i++)
    for (const auto& old : replies[3 * i + 3].elements) {
      keys.push_back(prefix_ + old.text);
      ends.push_back({"ZREM", key_of_sessions(people[i]), old.text});
    }
  if (ends.empty()) return;
  ends.push_back(std::move(keys));
  client_.run_all(ends);
}

void RedisSessionStore::replace(const std::string& id, const StoredSession& session) {
  std::vector<redis::Command> commands{
      {"SET", prefix_ + id, value_of(session), "EX", seconds_text(session.lifetime), "XX"}};
  for (const auto& person : people_in(session.data)) {
    commands.push_back({"ZADD", key_of_sessions(person), "NX", milliseconds_text(), id});
    commands.push_back({"EXPIRE", key_of_sessions(person), seconds_text(session.lifetime)});
  }
  client_.run_all(commands);
}

// Nobody waits for a renewal: when it is lost, the session merely ends a little earlier.
void RedisSessionStore::renew(const std::string& id, const StoredSession& session) {
  const auto seconds = seconds_text(session.lifetime);
  if (resave_)
    client_.send({"SET", prefix_ + id, value_of(session), "EX", seconds, "XX"});
  else
    client_.send({"EXPIRE", prefix_ + id, seconds});
  for (const auto& person : people_in(session.data)) client_.send({"EXPIRE", key_of_sessions(person), seconds});
}

void RedisSessionStore::destroy(const std::string& id) { client_.run({"DEL", prefix_ + id}); }

void RedisSessionStore::end_all(const std::string& person) {
  // Taken away as they are read, so that none of a log-in at the same time is forgotten. Score and id take turns.
  const auto taken = client_.run({"ZPOPMIN", key_of_sessions(person), std::to_string(2 * kMostSessions)});
  redis::Command keys{"DEL"};
  for (std::size_t i = 0; i < taken.elements.size(); i += 2) keys.push_back(prefix_ + taken.elements[i].text);
  if (keys.size() > 1) client_.run(std::move(keys));
}

} // namespace http
