#include "http/session.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
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

std::vector<std::string> people_in(const base::Json& data) {
  std::vector<std::string> ids;
  for (const Person person : {Person::user, Person::customer})
    if (const auto& id = data[members_of(person).id]; id.is_string() && !id.as_string().empty())
      ids.push_back(id.as_string());
  return ids;
}

void Session::log_in(Person person, const base::Login& login) {
  const auto [id, mark] = members_of(person);
  data.set(id, login.id);
  data.set(mark, login.mark);
  dirty = true;
  turn = Turn::log_in;
}

void Session::log_out(Person person, const std::optional<std::string>& id) {
  if (id) ended.push_back(*id);
  for (const auto member : {members_of(person).id, members_of(person).mark}) data.erase(member);
  // Whoever is logged in as the other kind as well stays so; else the session ends.
  const Person other = person == Person::user ? Person::customer : Person::user;
  destroyed = !data[members_of(other).id].truthy();
  dirty = true;
  turn = Turn::log_out;
}

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
  if (!session.available && (session.data.size() > 0 || session.turn != Session::Turn::none))
    throw base::Error(base::ErrorType::unavailable, "the session can't be stored");
  if (session.destroyed && !fresh) store.destroy(session.id);
  for (const auto& person : session.ended) try {
      store.end_all(person);
    } catch (const base::Error& failure) {
      // What has ended them stands: a new password is another mark, and a log-out has ended its own session above.
      base::log_warn("Not all sessions of a person could be ended", {{"person", person}, {"reason", failure.what()}});
    }
  if (session.destroyed || !session.available) return;
  const bool can_tell = !secure_ || is_secure(request);
  const bool modified = fresh ? session.data.size() > 0 : session.dirty || session.data.dump() != open.original;
  // Who has set a password of their own stays in, where the others end: that is no log-in.
  const bool own_password = !fresh && session.turn == Session::Turn::log_in && !session.ended.empty();
  // Nobody could ever name a session whose cookie is not sent.
  if (!can_tell && modified && !own_password && (fresh || session.turn == Session::Turn::log_in))
    return warn_of_plain_http();
  if (fresh) {
    if (can_tell && (modified || options_.save_uninitialized)) begin(store, open, response);
    return;
  }
  if (can_tell && session.turn != Session::Turn::none) {
    const std::string former = session.id;
    begin(store, open, response);
    return store.destroy(former);
  }
  const StoredSession stored{session.data, open.lifetime};
  if (open.lifetime && open.lifetime->count() <= 0)
    store.destroy(session.id);
  else if (own_password)
    store.save(session.id, stored); // it has ended with the others
  else if (modified)
    store.replace(session.id, stored);
  else
    store.renew(session.id, stored);
  if (can_tell && (options_.rolling || modified)) response.cookies.push_back(cookie(session.id, open.lifetime));
}

// Stores the session under a new id, and tells that.
void Sessions::begin(SessionStore& store, OpenSession& open, Response& response) const {
  Session& session = open.session;
  session.id = base::base64_url(base::random_bytes(24));
  try {
    if (!lifetime_ || lifetime_->count() > 0) store.save(session.id, {session.data, lifetime_});
  } catch (const base::Error&) {
    // A visitor without data is served without a session; a login that can't be kept is a failure.
    if (session.data.size() > 0) throw;
    return;
  }
  response.cookies.push_back(cookie(session.id, lifetime_));
}

void Sessions::warn_of_plain_http() const {
  if (warned_.test_and_set()) return;
  base::log_warn(
      "Somebody has logged in whose cookie can't be sent: in production and staging it goes over TLS only. Let "
      "the proxy in front of this server terminate TLS and send X-Forwarded-Proto: https");
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
  put(id, session);
}

void MemorySessionStore::replace(const std::string& id, const StoredSession& session) {
  const std::lock_guard lock(mutex_);
  if (entries_.contains(id)) put(id, session);
}

MemorySessionStore::Shelf& MemorySessionStore::shelf_of(const base::Json& data) {
  return data[members_of(Person::user).id].truthy() ? admins_ : data.size() > 0 ? customers_ : visitors_;
}

void MemorySessionStore::put(const std::string& id, const StoredSession& session) {
  const auto now = Clock::now();
  if (const auto entry = entries_.find(id); entry != entries_.end()) forget(entry);
  auto& shelf = shelf_of(session.data);
  auto& ids = shelf.ids;
  Entry entry{session.data.dump(),
              session.lifetime,
              session.lifetime ? now + *session.lifetime : Clock::time_point::max(),
              &shelf,
              ids.insert(ids.end(), id),
              {}};
  for (auto& person : people_in(session.data)) {
    auto& others = people_[person];
    if (others.size() >= most_of_one_person_) forget(std::string(others.front()));
    // Which may have been the last one.
    auto& own = people_[person];
    entry.of.push_back({std::move(person), own.insert(own.end(), id)});
  }
  entries_[id] = std::move(entry);
  // The oldest make room; two expired ones a time keep the store from holding what nobody asks for again.
  while (ids.size() > shelf.most) forget(std::string(ids.front()));
  for (int i = 0; i < 2 && ids.size() > 1; i++)
    if (const auto oldest = entries_.find(ids.front()); oldest->second.expires <= now) forget(oldest);
}

void MemorySessionStore::renew(const std::string& id, const StoredSession&) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  if (entry.lifetime) entry.expires = Clock::now() + *entry.lifetime;
  const auto touch = [](Ids& ids, Ids::iterator at) { ids.splice(ids.end(), ids, at); };
  touch(entry.shelf->ids, entry.at);
  for (const auto& [person, at] : entry.of) touch(people_.find(person)->second, at);
}

void MemorySessionStore::destroy(const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (const auto entry = entries_.find(id); entry != entries_.end()) forget(entry);
}

void MemorySessionStore::end_all(const std::string& person) {
  const std::lock_guard lock(mutex_);
  for (auto all = people_.find(person); all != people_.end(); all = people_.find(person))
    forget(std::string(all->second.front()));
}

void MemorySessionStore::forget(base::StringMap<Entry>::iterator entry) {
  entry->second.shelf->ids.erase(entry->second.at);
  for (const auto& [person, at] : entry->second.of) {
    const auto others = people_.find(person);
    others->second.erase(at);
    if (others->second.empty()) people_.erase(others);
  }
  entries_.erase(entry);
}

} // namespace http
