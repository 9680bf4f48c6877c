#include "base/error.hpp"
#include "base/strings.hpp"
#include "config/logins.hpp"
#include "db/address_impl.hpp"
#include <algorithm>
#include <array>
#include <libpq-fe.h>

namespace db {
namespace {
using base::Json;
using base::PlusAsBlank;

// Never with a piece of the URL, which may be one of a password.
[[noreturn]] void refuse(const std::string& why) {
  throw base::Error(base::ErrorType::unavailable, "the database URL can't be read: " + why);
}

// Behind the question mark an @ may stand in the values of these.
constexpr std::string_view kMayHoldAt[] = {"user",    "password", "application_name", "fallback_application_name",
                                           "options", "database", "dbname",           "db"};

std::string decoded(std::string_view text) { return base::url_decode(text, PlusAsBlank::no); }

void add(Json& values, std::string_view name, std::string value) {
  if (!value.empty()) values.set(name, std::move(value));
}

std::string name_of_keyword(std::string_view keyword) {
  return std::string(keyword == "dbname" ? "database" : keyword);
}

// host=... dbname=...
Url parse_keywords(const std::string& text) {
  char* fault = nullptr;
  PQconninfoOption* parsed = PQconninfoParse(text.c_str(), &fault);
  if (!parsed) {
    PQfreemem(fault); // it quotes the text
    refuse(
        "it is no URL, and no list of libpq's keywords either: host=localhost dbname=shop ..., with single quotes around "
        "a value that has blanks. A URL looks like postgres://user:password@host:5432/database; " +
        std::string(config::kEncodeLogins));
  }
  Url url;
  url.libpq = true;
  for (auto* option = parsed; option->keyword; ++option)
    if (option->val) add(url.values, name_of_keyword(option->keyword), option->val);
  PQconninfoFree(parsed);
  return url;
}

// One or, as libpq allows, several: host[:port],[address]:port
void parse_hosts(std::string_view text, Json& values) {
  std::vector<std::string> hosts, ports;
  for (const std::string& part : base::split(text, ',')) {
    std::string_view host = part, port;
    const auto closing = host.find(']');
    const auto colon = host.find(':', closing == std::string_view::npos ? 0 : closing);
    if (colon != std::string_view::npos) {
      port = host.substr(colon + 1);
      host = host.substr(0, colon);
    }
    if (host.starts_with('[')) {
      if (!host.ends_with(']')) refuse("the address of the host has no closing bracket");
      host = host.substr(1, host.size() - 2);
    }
    if (port.find_first_not_of("0123456789") != std::string_view::npos)
      refuse("what stands as its port is no number; " + std::string(config::kEncodeLogins));
    hosts.push_back(decoded(host));
    ports.emplace_back(port);
  }
  add(values, "host", base::join(hosts, ","));
  if (std::any_of(ports.begin(), ports.end(), [](const auto& port) { return !port.empty(); }))
    add(values, "port", base::join(ports, ","));
}

void check_scheme(std::string_view scheme) {
  constexpr std::array<std::string_view, 9> kOthers{"mysql",  "mariadb", "sqlite",      "mssql", "sqlserver",
                                                    "oracle", "mongodb", "mongodb+srv", "redis"};
  if (std::find(kOthers.begin(), kOthers.end(), scheme) != kOthers.end())
    refuse("its scheme is " + std::string(scheme) + "; only postgres is supported");
}
} // namespace

Url parse_url(const std::string& text) {
  Url url;
  if (text.empty()) return url;
  // pg-connection-string: "/socket/folder database".
  if (text[0] == '/') {
    const auto blank = text.find(' ');
    add(url.values, "host", text.substr(0, blank));
    if (blank != std::string::npos) add(url.values, "database", std::string(base::trim(text.substr(blank))));
    return url;
  }
  const auto colon = text.find(':');
  const bool socket = text.starts_with("socket:");
  if (!socket && (colon == std::string::npos || text.compare(colon, 3, "://") != 0)) {
    if (text.find('=') != std::string::npos) return parse_keywords(text);
    refuse("it has no scheme; it looks like postgres://user:password@host:5432/database");
  }
  check_scheme(base::lower(text.substr(0, colon)));
  std::string_view rest = std::string_view(text).substr(colon + 1);
  if (!socket && config::cuts_login(rest.substr(2), kMayHoldAt))
    refuse("its user or password holds a / ? or #, which ends what stands before it; " +
           std::string(config::kEncodeLogins));
  rest = rest.substr(0, rest.find('#'));
  if (const auto question = rest.find('?'); question != std::string_view::npos) {
    for (const std::string& pair : base::split(rest.substr(question + 1), '&')) {
      const auto equals = pair.find('=');
      const auto value = equals == std::string::npos ? std::string() : pair.substr(equals + 1);
      add(url.values, base::url_decode(pair.substr(0, equals), PlusAsBlank::yes),
          base::url_decode(value, PlusAsBlank::yes));
    }
    rest = rest.substr(0, question);
  }
  const Json query = url.values;
  std::string_view authority;
  if (rest.starts_with("//")) {
    const auto slash = rest.find('/', 2);
    authority = rest.substr(2, slash == std::string_view::npos ? slash : slash - 2);
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  }
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    const auto login = authority.substr(0, at);
    const auto separator = login.find(':');
    add(url.values, "user", decoded(login.substr(0, separator)));
    if (separator != std::string_view::npos) add(url.values, "password", decoded(login.substr(separator + 1)));
    authority.remove_prefix(at + 1);
  }
  if (socket) {
    add(url.values, "host", decoded(rest));
    if (query["db"].is_string()) add(url.values, "database", query["db"].as_string());
  } else {
    if (!authority.empty()) parse_hosts(authority, url.values);
    if (rest.starts_with('/')) rest.remove_prefix(1);
    if (query["dbname"].is_string()) add(url.values, "database", query["dbname"].as_string());
    add(url.values, "database", decoded(rest));
  }
  // node-postgres: these may stand behind the question mark as well, and win there.
  for (const char* name : {"user", "password", "host", "port"})
    if (query[name].is_string()) add(url.values, name, query[name].as_string());
  return url;
}

} // namespace db
