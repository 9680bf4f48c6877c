#include "base/json_text.hpp"
#include "base/strings.hpp"
#include "config/logins.hpp"
#include "config/properties.hpp"
#include "redis/redis.hpp"
#include <charconv>
#include <stdexcept>

namespace redis {
namespace {
using base::Json;
using base::PlusAsBlank;
using std::chrono::milliseconds;

// Never with a piece of the URL, which may be one of a password.
[[noreturn]] void refuse(const std::string& why) {
  throw std::invalid_argument("the URL of Redis can't be read: " + why + "; " + std::string(config::kEncodeLogins));
}

// Behind the question mark an @ may stand in the values of these.
constexpr std::string_view kMayHoldAt[] = {"username", "password", "connectionName", "keyPrefix"};

template<class T> T number(std::string_view text, const char* what) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    refuse("what stands as its " + std::string(what) + " is no number");
  return value;
}

std::string decoded(std::string_view text) { return base::url_decode(text, PlusAsBlank::no); }

// ioredis: any option may stand behind the question mark, as a text.
void parse_query(std::string_view query, Json& values) {
  for (const std::string& pair : base::split(query, '&')) {
    const auto equals = pair.find('=');
    const std::string name = base::url_decode(pair.substr(0, equals), PlusAsBlank::yes);
    const std::string value =
        equals == std::string::npos ? std::string() : base::url_decode(pair.substr(equals + 1), PlusAsBlank::yes);
    for (const auto& option : config::driver_options(config::Driver::ioredis)) {
      if (option.name != name || option.effect != config::Effect::used || values.has(name)) continue;
      const auto usable = config::check(option.kind, Json(value));
      if (usable && !usable->is_undefined()) values.set(name, *usable);
    }
  }
}

void parse_host(std::string_view text, Json& values) {
  std::string_view host = text, port;
  if (text.starts_with('[')) { // an IPv6 address
    const auto close = text.find(']');
    if (close == std::string_view::npos) refuse("the address of its host has no closing bracket");
    host = text.substr(1, close - 1);
    if (text.substr(close + 1).starts_with(':')) port = text.substr(close + 2);
  } else if (const auto colon = text.rfind(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  if (!host.empty()) values.set("host", host);
  if (!port.empty()) values.set("port", static_cast<int>(number<unsigned short>(port, "port")));
}

// What the URL says, by ioredis' names.
Json parse(std::string_view url) {
  Json values = Json::object();
  if (url.empty()) return values;
  std::string_view query;
  const auto cut_query = [&] {
    url = url.substr(0, url.find('#'));
    if (const auto question = url.find('?'); question != std::string_view::npos) {
      query = url.substr(question + 1);
      url = url.substr(0, question);
    }
  };
  if (url.starts_with('/') && !url.starts_with("//")) {
    cut_query();
    values.set("path", url);
    parse_query(query, values);
    return values;
  }
  if (url.find_first_not_of("0123456789") == std::string_view::npos) {
    values.set("port", static_cast<int>(number<unsigned short>(url, "port")));
    return values;
  }
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
    const std::string name = base::lower(url.substr(0, scheme));
    if (name == "http" || name == "https" || name == "postgres" || name == "postgresql" || name == "unix")
      throw std::invalid_argument("the scheme is " + name + ", not redis or rediss");
    if (name != "redis" && name != "rediss") refuse("its scheme is neither redis nor rediss");
    if (name == "rediss") values.set("secure", true);
    url.remove_prefix(scheme + 3);
  } else if (url.starts_with("//")) {
    url.remove_prefix(2);
  }
  if (config::cuts_login(url, kMayHoldAt))
    refuse("its user or password holds a / ? or #, which ends what stands before it");
  cut_query();
  std::string_view database;
  if (const auto slash = url.find('/'); slash != std::string_view::npos) {
    database = url.substr(slash + 1);
    url = url.substr(0, slash);
  }
  if (const auto at = url.rfind('@'); at != std::string_view::npos) {
    const auto login = url.substr(0, at);
    const auto colon = login.find(':');
    values.set("username", decoded(login.substr(0, colon)));
    values.set("password", colon == std::string_view::npos ? std::string() : decoded(login.substr(colon + 1)));
    url.remove_prefix(at + 1);
  }
  parse_host(url, values);
  if (!database.empty()) values.set("db", number<int>(database, "database"));
  parse_query(query, values);
  return values;
}
} // namespace

Options options_from(std::string_view url, const Json& given) {
  const Json values = parse(base::trim(url));
  const auto value = [&](std::string_view name) -> const Json& {
    return values.has(name) ? values[name] : given[name];
  };
  const auto text = [&](std::string_view name) { return base::text_of(value(name)); };
  const auto duration = [&](std::string_view name, milliseconds& into) {
    if (value(name).is_integer() && value(name).as_int() >= 0) into = milliseconds(value(name).as_int());
  };
  Options options;
  if (const auto host = text("host"); !host.empty()) options.host = host;
  if (const Json& port = value("port"); port.is_integer()) {
    if (port.as_int() < 1 || port.as_int() > 65535) throw std::invalid_argument("the port is " + port.dump());
    options.port = static_cast<unsigned short>(port.as_int());
  }
  options.socket_path = text("path");
  options.family = value("family") == Json(4)   ? AddressFamily::ipv4
                   : value("family") == Json(6) ? AddressFamily::ipv6
                                                : AddressFamily::any;
  options.user = text("username");
  options.password = text("password");
  if (const Json& database = value("db"); database.is_integer()) {
    if (database.as_int() < 0) throw std::invalid_argument("the database is " + database.dump());
    options.database = static_cast<int>(database.as_int());
  }
  options.connection_name = text("connectionName");
  options.key_prefix = text("keyPrefix");
  const Json& tls = value("tls");
  options.tls = config::tls_options(tls.is_nullish() && values.has("secure") ? Json(true) : tls);
  if (value("noDelay").is_bool()) options.no_delay = value("noDelay").as_bool();
  // ioredis' default is 0; a connection that has silently died is worth finding.
  duration("keepAlive", options.keep_alive);
  duration("commandTimeout", options.patience);
  duration("connectTimeout", options.connect_patience);
  if (value("retryStrategy").is_array())
    for (const Json& pause : value("retryStrategy").as_array()) options.pauses.emplace_back(pause.as_int());
  return options;
}

} // namespace redis
