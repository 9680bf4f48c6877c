#include "base/error.hpp"
#include "base/strings.hpp"
#include "config/driver_options.hpp"
#include "db/address_impl.hpp"
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <libpq-fe.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace db {
namespace {
using base::Json;
using Verify = config::TlsOptions::Verify;

[[noreturn]] void refuse(const std::string& why) { throw base::Error(base::ErrorType::unavailable, why); }

std::string text_of(const Json& value) {
  return value.is_string() ? value.as_string() : value.is_number() ? value.dump() : std::string();
}

// node-postgres: what the URL says wins over the options beside it.
struct Sources {
  const Url& url;
  const Json& client;
  std::string text(std::string_view name) const {
    const std::string given = text_of(url.values[name]);
    return given.empty() ? text_of(client[name]) : given;
  }
  std::optional<std::int64_t> number(std::string_view name) const {
    const std::string given = text(name);
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(given.data(), given.data() + given.size(), value);
    if (given.empty() || failure != std::errc{} || value <= 0) return {};
    return value;
  }
};

bool in_environment(std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(), [](const char* name) {
    const char* value = std::getenv(name);
    return value && *value;
  });
}

// An address needs no resolver, and may be reached under a name that its certificate has.
bool is_address(const std::string& host) {
  return host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
}

void use_tls(Address& address, const config::TlsOptions& tls) {
  const auto file = [&](const char* keyword, const std::string& text) {
    if (text.empty()) return;
    address.files.emplace_back(text);
    address.set(keyword, address.files.back().path());
  };
  file("sslcert", tls.certificate);
  file("sslkey", tls.key);
  if (!tls.passphrase.empty()) address.set("sslpassword", tls.passphrase);
  if (tls.verify == Verify::nothing) {
    address.set("sslmode", "require");
    // libpq would verify against a file in the home directory.
    address.set("sslrootcert", "/dev/null/none");
    return;
  }
  address.set("sslmode", tls.verify == Verify::everything ? "verify-full" : "verify-ca");
  if (tls.authorities.empty() && address.find("sslrootcert")) return;
  const std::string& authorities = tls.authorities.empty() ? config::system_authorities() : tls.authorities;
  if (authorities.empty())
    refuse("no authority is known that could vouch for the database's certificate: install ca-certificates, or give "
           "database_extra.ssl.ca");
  file("sslrootcert", authorities);
  if (const std::string* host = address.find("host"); host && !tls.server_name.empty() && is_address(*host)) {
    address.set("hostaddr", *host);
    address.set("host", tls.server_name);
  }
}

// pg-connection-string: any sslmode but no-verify wants a certificate that is in order, whatever libpq means by it;
// uselibpqcompat=true asks for libpq's meaning.
void use_tls_of_url(Address& address, const Url& url) {
  const std::string mode = text_of(url.values["sslmode"]), ssl = text_of(url.values["ssl"]);
  for (const char* name : {"sslcert", "sslkey", "sslrootcert"})
    if (url.values.has(name)) address.set(name, text_of(url.values[name]));
  if (url.libpq || text_of(url.values["uselibpqcompat"]) == "true") {
    if (!mode.empty()) address.set("sslmode", mode == "no-verify" ? "require" : mode);
    return;
  }
  constexpr std::string_view kModes[] = {"allow", "prefer", "require", "verify-ca", "verify-full"};
  const bool off = mode == "disable" || (mode.empty() && (ssl == "0" || ssl == "false"));
  if (off)
    address.set("sslmode", "disable");
  else if (mode == "no-verify" || (mode.empty() && ssl == "no-verify"))
    use_tls(address, config::tls_options(Json(base::JsonObject{{"rejectUnauthorized", false}})));
  else if (mode.empty() || std::find(std::begin(kModes), std::end(kModes), mode) != std::end(kModes))
    use_tls(address, config::tls_options(Json(true)));
  else
    refuse("the database URL can't be read: sslmode is " + mode +
           "; it accepts disable, allow, prefer, require, verify-ca, verify-full and no-verify");
}

void use_tls(Address& address, const Url& url, const Json& client) {
  for (const char* name : {"ssl", "sslmode", "sslcert", "sslkey", "sslrootcert"})
    if (url.values.has(name)) return use_tls_of_url(address, url);
  if (client["ssl"] == Json(false)) return address.set("sslmode", "disable");
  if (!client["ssl"].is_nullish()) return use_tls(address, config::tls_options(client["ssl"]));
  if (const char* mode = std::getenv("PGSSLMODE"); mode && *mode) {
    Url of_environment;
    of_environment.values.set("sslmode", mode);
    return use_tls_of_url(address, of_environment);
  }
  // node-postgres speaks plain unless told otherwise; so do we, save where the server insists on TLS.
  address.set("sslmode", "allow");
}

// libpq's own keywords that a URL may hold; node-postgres ignores them, and what neither knows.
void add_keywords(Address& address, const Url& url) {
  PQconninfoOption* options = PQconndefaults();
  for (auto* option = options; option && option->keyword; ++option)
    if (const std::string value = text_of(url.values[option->keyword]); !value.empty())
      address.set_default(option->keyword, value);
  PQconninfoFree(options);
}

void add_settings(Address& address, const Sources& sources) {
  auto statement = sources.number("statement_timeout");
  if (const auto query = sources.number("query_timeout")) statement = std::min(*query, statement.value_or(*query));
  const auto add = [&](const char* name, std::optional<std::int64_t> value) {
    if (value) address.settings.emplace_back(name, std::to_string(*value));
  };
  add("statement_timeout", statement);
  add("lock_timeout", sources.number("lock_timeout"));
  add("idle_in_transaction_session_timeout", sources.number("idle_in_transaction_session_timeout"));
}

std::string quoted_identifier(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}
} // namespace

NamelessFile::NamelessFile(const std::string& text) : descriptor_(::memfd_create("stheno", MFD_CLOEXEC)) {
  std::size_t written = 0;
  while (descriptor_ >= 0 && written < text.size()) {
    const auto n = ::write(descriptor_, text.data() + written, text.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    written += static_cast<std::size_t>(n);
  }
  // libpq refuses a key that others may read.
  if (descriptor_ < 0 || written < text.size() || ::fchmod(descriptor_, 0600) != 0)
    refuse(std::string("no memory for a certificate: ") + std::strerror(errno));
}
NamelessFile::~NamelessFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}
std::string NamelessFile::path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

const std::string* Address::find(std::string_view keyword) const {
  for (const auto& [name, value] : keywords)
    if (name == keyword) return &value;
  return nullptr;
}
void Address::set(std::string_view keyword, std::string value) {
  for (auto& [name, old] : keywords)
    if (name == keyword) return void(old = std::move(value));
  keywords.emplace_back(keyword, std::move(value));
}
void Address::set_default(std::string_view keyword, std::string value) {
  if (!find(keyword)) keywords.emplace_back(keyword, std::move(value));
}

Address address_of(const Options& options) {
  const Url url = parse_url(options.url);
  const Sources sources{url, options.client};
  Address address;
  const auto use = [&](const char* keyword, const std::string& value) {
    if (!value.empty()) address.set(keyword, value);
  };
  const std::string host = sources.text("host"), database = sources.text("database");
  use("host", host);
  // node-postgres' default; libpq would look for a Unix socket.
  if (host.empty() && !url.values.has("hostaddr") && !url.values.has("service") &&
      !in_environment({"PGHOST", "PGHOSTADDR", "PGSERVICE"}))
    address.set("host", "localhost");
  use("port", sources.text("port"));
  use("user", sources.text("user"));
  use("password", sources.text("password"));
  use("dbname", database.empty() ? options.database : database);
  use("options", sources.text("options"));
  use("application_name", sources.text("application_name"));
  use("fallback_application_name", sources.text("fallback_application_name"));
  use_tls(address, url, options.client);
  if (options.client["keepAlive"] == Json(false)) address.set("keepalives", "0");
  if (const auto delay = sources.number("keepAliveInitialDelayMillis"))
    address.set("keepalives_idle", std::to_string((*delay + 999) / 1000));
  if (const auto seconds = sources.number("connect_timeout")) address.patience = std::chrono::seconds(*seconds);
  if (const auto patience = sources.number("connectionTimeoutMillis"))
    address.patience = std::chrono::milliseconds(*patience);
  add_keywords(address, url);
  add_settings(address, sources);
  address.set_default("fallback_application_name", options.application_name);
  address.set_default("gssencmode", "disable");
  address.set_default("keepalives_idle", "60");
  address.set_default("keepalives_interval", "10");
  address.set_default("keepalives_count", "3");
  // A server that has gone from the network is noticed while it owes an answer, after milliseconds. One that reads nothing, as it is at
  // work on a long statement while more lie before it, looks the same: ten seconds ended migrations on a busy machine.
  address.set_default("tcp_user_timeout", "60000");
  address.set("client_encoding", "UTF8");
  return address;
}

void take_options_apart(Address& address) {
  const std::string* text = address.find("options");
  if (!text) return;
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < text->size(); ++i) {
    const char c = (*text)[i];
    if (c == ' ' && !words.back().empty())
      words.emplace_back();
    else if (c == '\\' && i + 1 < text->size())
      words.back().push_back((*text)[++i]);
    else if (c != ' ')
      words.back().push_back(c);
  }
  if (words.back().empty()) words.pop_back();
  Settings found;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word == "-c" && i + 1 < words.size())
      word = words[++i];
    else if (word.starts_with("-c") || word.starts_with("--"))
      word.remove_prefix(2);
    else
      return;
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) return;
    std::string name(word.substr(0, equals));
    std::replace(name.begin(), name.end(), '-', '_');
    found.emplace_back(std::move(name), word.substr(equals + 1));
  }
  // As options they would count less than what is set later.
  address.settings.insert(address.settings.begin(), found.begin(), found.end());
  std::erase_if(address.keywords, [](const auto& keyword) { return keyword.first == "options"; });
}

Settings settings_of(const Options& options, const Address& address) {
  // Catalogues fit in memory: with the default of 4 the planner avoids indexes that pay (-17 % CPU measured).
  Settings settings{{"TimeZone", "UTC"},
                    {"DateStyle", "ISO"},
                    {"IntervalStyle", "postgres"},
                    {"standard_conforming_strings", "on"},
                    {"random_page_cost", "1.1"}};
  settings.insert(settings.end(), address.settings.begin(), address.settings.end());
  if (!options.schema.empty()) settings.emplace_back("search_path", quoted_identifier(options.schema));
  return settings;
}

void check(const Options& options) { address_of(options); }

} // namespace db
