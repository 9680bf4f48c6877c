#include "db/connector_impl.hpp"
#include "base/log.hpp"
#include "base/strings.hpp"
#include "db/errors.hpp"
#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace db {
namespace {

using Keywords = std::vector<std::pair<std::string, std::string>>;

// libpq refuses a URL with a parameter that it doesn't know; node-postgres ignores those and has a few of its own.
std::string libpq_url(const std::string& url) {
  auto question = url.find('?');
  if (question == std::string::npos || url.find("://") == std::string::npos) return url;
  static const std::vector<std::string> known = [] {
    std::vector<std::string> names;
    PQconninfoOption* options = PQconndefaults();
    for (auto* option = options; option && option->keyword; ++option) names.emplace_back(option->keyword);
    PQconninfoFree(options);
    return names;
  }();
  std::vector<std::string> kept;
  for (const auto& pair : base::split(url.substr(question + 1), '&')) {
    auto equals = pair.find('=');
    auto name = pair.substr(0, equals);
    auto value = equals == std::string::npos ? std::string() : pair.substr(equals + 1);
    if (name == "ssl")
      kept.push_back(value == "0" || value == "false" ? "sslmode=disable" : "sslmode=require");
    else if (name == "sslmode" && value == "no-verify")
      kept.push_back("sslmode=require");
    else if (std::find(known.begin(), known.end(), name) != known.end())
      kept.push_back(pair);
  }
  auto out = url.substr(0, question);
  if (!kept.empty()) out += "?" + base::join(kept, "&");
  return out;
}

void set(Keywords& keywords, const std::string& name, const std::string& value) {
  for (auto& [key, old] : keywords)
    if (key == name) return void(old = value);
  keywords.emplace_back(name, value);
}

void set_default(Keywords& keywords, const std::string& name, const std::string& value) {
  for (const auto& pair : keywords)
    if (pair.first == name) return;
  keywords.emplace_back(name, value);
}

Keywords keywords_of(const Options& options) {
  Keywords keywords;
  char* fault = nullptr;
  PQconninfoOption* parsed = PQconninfoParse(libpq_url(options.url).c_str(), &fault);
  if (!parsed) {
    std::string reason = fault ? fault : "out of memory";
    PQfreemem(fault);
    throw base::Error(base::ErrorType::unavailable, "the database URL can't be read: " + reason);
  }
  for (auto* option = parsed; option->keyword; ++option)
    if (option->val) keywords.emplace_back(option->keyword, option->val);
  PQconninfoFree(parsed);
  if (!options.database.empty()) set_default(keywords, "dbname", options.database);
  if (options.tls != Tls::as_url)
    set(keywords, "sslmode", options.tls == Tls::verified ? "verify-full" : "require");
  if (options.tls == Tls::verified) set_default(keywords, "sslrootcert", "/etc/ssl/certs/ca-certificates.crt");
  for (const auto& [name, value] : options.keywords) set(keywords, name, value);
  // node-postgres speaks plain unless told otherwise; so do we, save where the server insists on TLS.
  if (!std::getenv("PGSSLMODE")) set_default(keywords, "sslmode", "allow");
  set_default(keywords, "gssencmode", "disable");
  set_default(keywords, "connect_timeout", "10");
  set_default(keywords, "keepalives_idle", "60");
  set_default(keywords, "keepalives_interval", "10");
  set_default(keywords, "keepalives_count", "3");
  set_default(keywords, "application_name", options.application_name);
  set(keywords, "client_encoding", "UTF8");
  return keywords;
}

std::string session_settings(PGconn* connection, const Options& options) {
  // Catalogues fit in memory: with the default of 4 the planner avoids indexes that pay (-17 % CPU measured).
  std::string sql = "SET TIME ZONE 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; "
                    "SET standard_conforming_strings = on; SET random_page_cost = 1.1; ";
  if (!options.schema.empty()) {
    char* quoted = PQescapeIdentifier(connection, options.schema.data(), options.schema.size());
    sql.append("SET search_path TO ").append(quoted).append("; ");
    PQfreemem(quoted);
  }
  return sql;
}

void on_notice(void*, const PGresult* notice) {
  base::log(base::LogLevel::debug, base::trim(PQresultErrorMessage(notice)), {{"from", "postgres"}});
}

} // namespace

Attempt connect(const Options& options, const std::string& setup) {
  Keywords keywords;
  try {
    keywords = keywords_of(options);
  } catch (const base::Error& error) {
    return {nullptr, error.what()};
  }
  std::vector<const char*> names, values;
  for (const auto& [name, value] : keywords) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  Handle connection(PQconnectdbParams(names.data(), values.data(), 0));
  auto fail = [&]() -> Attempt {
    std::string reason(base::trim(PQerrorMessage(connection.get())));
    return {nullptr, reason.empty() ? "out of memory" : reason};
  };
  if (PQstatus(connection.get()) != CONNECTION_OK) return fail();
  PQsetNoticeReceiver(connection.get(), on_notice, nullptr);
  PGresult* result = PQexec(connection.get(), (session_settings(connection.get(), options) + setup).c_str());
  bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
  PQclear(result);
  if (!good) return fail();
  return {std::move(connection), {}};
}

struct Connector::Shared {
  std::mutex mutex;
  boost::asio::io_context* loop; // null once the connector is gone
  Options options;
  std::string setup;
};

Connector::Connector(boost::asio::io_context& loop, Options options, std::string setup)
    : shared_(std::make_shared<Shared>()) {
  shared_->loop = &loop;
  shared_->options = std::move(options);
  shared_->setup = std::move(setup);
}

Connector::~Connector() {
  std::lock_guard lock(shared_->mutex);
  shared_->loop = nullptr;
}

void Connector::connect(std::function<void(Attempt)> then) {
  std::thread([shared = shared_, then = std::move(then)]() mutable {
    Attempt attempt = db::connect(shared->options, shared->setup);
    std::lock_guard lock(shared->mutex);
    if (!shared->loop) return;
    boost::asio::post(*shared->loop, [shared, attempt = std::move(attempt), then = std::move(then)]() mutable {
      // On the destructor's thread from here on.
      if (shared->loop) then(std::move(attempt));
    });
  }).detach();
}

void probe(const Options& options) {
  Attempt attempt = connect(options);
  if (!attempt.connection) throw base::Error(base::ErrorType::unavailable, attempt.reason);
}

} // namespace db
