#include "http/session.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "base/time.hpp"
#include "http/query_string.hpp"

namespace http {

using std::chrono::milliseconds;

namespace {

// The value of a cookie of the Cookie header, as the npm module cookie reads it: the first of that name counts.
std::optional<std::string> cookie_value(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const auto end = header.find(';');
    const auto pair = header.substr(0, end);
    if (const auto equals = pair.find('=');
        equals != std::string_view::npos && base::trim(pair.substr(0, equals)) == name) {
      auto value = base::trim(pair.substr(equals + 1));
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
      auto decoded = decode_uri_component(value);
      return decoded ? std::move(*decoded) : std::string(value);
    }
    if (end == std::string_view::npos) break;
    header.remove_prefix(end + 1);
  }
  return std::nullopt;
}

// Whether the client came over TLS, by the word of the proxy.
bool is_secure(const Request& request) {
  const auto protocols = request.header("x-forwarded-proto");
  return base::equal_ignoring_case(base::trim(protocols.substr(0, protocols.find(','))), "https");
}

} // namespace

Sessions::Sessions(const config::Config& config) : options_(config.session_options), secure_(config.secure_cookies()) {
  const auto& secrets = options_.secrets.empty() ? config.cookie_secrets : options_.secrets;
  for (const auto& secret : secrets) macs_.emplace_back(secret);
  if (macs_.empty()) throw std::runtime_error("sessions need a cookie_secret");
  if (options_.name.empty()) options_.name = "connect.sid";
  if (options_.ttl_ms) lifetime_ = milliseconds(*options_.ttl_ms);
}

// Neither a health check nor a file asks who comes; 1.20 makes a session for each all the same.
bool Sessions::concern(const Request& request) const {
  if (options_.save_untouched) return true;
  const std::string_view path = request.path;
  const auto below = [&](std::string_view prefix) {
    return base::equal_ignoring_case(path.substr(0, prefix.size()), prefix) &&
           (path.size() == prefix.size() || path[prefix.size()] == '/');
  };
  return below("/store") || below("/admin");
}

void Sessions::open(const Request& request, SessionStore& store, OpenSession& open) const {
  open.lifetime = lifetime_;
  open.session.loaded = true;
  const auto header = request.header("cookie");
  if (header.empty()) return;
  const auto value = cookie_value(header, options_.name);
  if (!value || !value->starts_with("s:")) return;
  for (const auto& mac : macs_)
    if (auto id = unsign_cookie(std::string_view(*value).substr(2), mac)) {
      open.cookie_id = std::move(*id);
      break;
    }
  if (open.cookie_id.empty()) return;
  try {
    if (auto stored = store.load(open.cookie_id)) {
      open.session.id = open.cookie_id;
      open.session.data = std::move(stored->data);
      open.lifetime = stored->lifetime;
      open.original = open.session.data.dump();
    }
  } catch (const base::Error&) {
    // As express-session does while its store is disconnected: the request goes on without a session.
    open.session.available = false;
  }
}

void Sessions::close(const Request& request, SessionStore& store, OpenSession& open, Response& response) const {
  Session& session = open.session;
  const bool fresh = session.id.empty();
  if (session.destroyed) {
    if (!fresh) store.destroy(session.id);
    return;
  }
  if (!session.available) {
    if (session.data.size() > 0) throw base::Error(base::ErrorType::unavailable, "the session can't be stored");
    return;
  }
  const bool can_tell = !secure_ || is_secure(request);
  if (fresh) {
    const bool modified = session.data.size() > 0;
    // Nobody could ever name a session whose cookie is not sent.
    if (!can_tell || !(modified || options_.save_uninitialized)) return;
    session.id = base64_url(base::random_bytes(24));
    try {
      if (!lifetime_ || lifetime_->count() > 0) store.save(session.id, {session.data, lifetime_});
    } catch (const base::Error&) {
      // A visitor without data is served without a session; a login that can't be kept is a failure.
      if (modified) throw;
      return;
    }
    response.cookies.push_back(cookie(session.id, lifetime_));
    return;
  }
  const StoredSession stored{session.data, open.lifetime};
  const bool modified = session.dirty || session.data.dump() != open.original;
  if (open.lifetime && open.lifetime->count() <= 0)
    store.destroy(session.id);
  else if (modified)
    store.save(session.id, stored);
  else
    store.renew(session.id, stored);
  if (can_tell && (options_.rolling || modified)) response.cookies.push_back(cookie(session.id, open.lifetime));
}

std::string Sessions::cookie(const std::string& id, const std::optional<milliseconds>& lifetime) const {
  std::string out = options_.name + "=" + base::url_encode("s:" + sign_cookie(id, macs_.front())) + "; Path=/";
  if (lifetime) out += "; Expires=" + base::http_date(base::now() + *lifetime);
  out += "; HttpOnly";
  if (secure_) out += "; Secure; SameSite=None";
  return out;
}

// ---- in this process

std::optional<StoredSession> MemorySessionStore::load(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(id);
  if (entry == entries_.end()) return std::nullopt;
  if (entry->second.expires <= Clock::now()) {
    forget(entry);
    return std::nullopt;
  }
  return StoredSession{base::parse_json(entry->second.data), entry->second.lifetime};
}

void MemorySessionStore::save(const std::string& id, const StoredSession& session) {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  if (const auto entry = entries_.find(id); entry != entries_.end()) forget(entry);
  const bool filled = session.data.size() > 0;
  auto& ids = shelf(filled);
  ids.push_back(id);
  entries_[id] = {session.data.dump(), session.lifetime,
                  session.lifetime ? now + *session.lifetime : Clock::time_point::max(), filled, std::prev(ids.end())};
  // The oldest make room; two expired ones a time keep the store from holding what nobody asks for again.
  while (ids.size() > (filled ? bounds_.filled : bounds_.empty)) forget(entries_.find(ids.front()));
  for (int i = 0; i < 2 && ids.size() > 1; i++)
    if (const auto oldest = entries_.find(ids.front()); oldest->second.expires <= now) forget(oldest);
}

void MemorySessionStore::renew(const std::string& id, const StoredSession&) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(id);
  if (entry == entries_.end()) return;
  auto& [data, lifetime, expires, filled, place] = entry->second;
  if (lifetime) expires = Clock::now() + *lifetime;
  shelf(filled).splice(shelf(filled).end(), shelf(filled), place);
}

void MemorySessionStore::destroy(const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (const auto entry = entries_.find(id); entry != entries_.end()) forget(entry);
}

void MemorySessionStore::forget(base::StringMap<Entry>::iterator entry) {
  shelf(entry->second.filled).erase(entry->second.place);
  entries_.erase(entry);
}

} // namespace http
