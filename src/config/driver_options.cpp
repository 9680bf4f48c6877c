#include "config/driver_options.hpp"
#include "base/json_text.hpp"
#include "base/strings.hpp"
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace config {
namespace {
using base::Json;
using K = Kind;
constexpr auto used = Effect::used;
constexpr auto none = Effect::none;

// pg 8: lib/connection-parameters.js, pg-pool/index.js.
const DriverOption kPg[] = {
    {"connectionString", K::text, used, "takes the place of database_url"},
    {"host", K::text, used, "where database_url names none"},
    {"port", K::integer, used, "where database_url names none"},
    {"user", K::text, used, "where database_url names none"},
    {"password", K::text, used, "where database_url has none"},
    {"database", K::text, used, "where database_url names none"},
    {"ssl", K::tls, used, "true, false, or what Node's tls.connect takes: rejectUnauthorized, ca, cert, key ..."},
    {"application_name", K::text, used, "how the connections are called in pg_stat_activity"},
    {"fallback_application_name", K::text, used, "the same where nothing else names them"},
    {"options", K::text, used, "options of the server's process, as \"-c name=value\""},
    {"statement_timeout", K::milliseconds, used, "ends a statement that takes longer"},
    {"query_timeout", K::milliseconds, used, "the same; the shorter of both counts"},
    {"lock_timeout", K::milliseconds, used, "ends a statement that waits longer for a lock"},
    {"idle_in_transaction_session_timeout", K::milliseconds, used, "ends a session that rests in a transaction"},
    {"connectionTimeoutMillis", K::milliseconds, used, "how long a request waits for a connection"},
    {"keepAlive", K::truth, used, "whether TCP probes a silent connection"},
    {"keepAliveInitialDelayMillis", K::milliseconds, used, "after how much silence"},
    {"max", K::integer, used, "connections of the whole server, at least 2"},
    {"poolSize", K::integer, used, "the same"},
    {"idleTimeoutMillis", K::milliseconds, used, "when an unused connection is closed; 0: never"},
    {"min", K::integer, none, ""},
    {"maxUses", K::integer, none, ""},
    {"maxLifetimeSeconds", K::integer, none, ""},
};

// ioredis 5: built/redis/RedisOptions.js.
const DriverOption kIoredis[] = {
    {"host", K::text, used, "where the URL names none"},
    {"port", K::integer, used, "where the URL names none"},
    {"path", K::text, used, "a Unix socket, in place of host and port"},
    {"family", K::integer, used, "4 or 6: the only kind of address that is tried; 0: both"},
    {"db", K::integer, used, "where the URL names none"},
    {"username", K::text, used, "where the URL names none"},
    {"password", K::text, used, "where the URL has none"},
    {"tls", K::tls, used, "what Node's tls.connect takes: rejectUnauthorized, ca, cert, key, servername ..."},
    {"connectionName", K::text, used, "how the connection is called in CLIENT LIST"},
    {"connectTimeout", K::milliseconds, used, "how long an attempt to connect may take"},
    {"commandTimeout", K::milliseconds, used, "how long a command may take"},
    {"keepAlive", K::milliseconds, used, "when TCP begins to probe a silent connection; 0: never"},
    {"noDelay", K::truth, used, "false gathers small packets"},
    {"keyPrefix", K::text, used, "goes before every key"},
    {"retryStrategy", K::pauses, used, "the pauses before the first twenty reconnections, and the last for all others"},
    {"sentinels", K::anything, Effect::refused, "Redis behind sentinels is not supported; name the server itself"},
    {"sentinelPassword", K::anything, none, ""},
    {"name", K::anything, none, ""},
    {"role", K::anything, none, ""},
};

// bullmq 5: interfaces/queue-options.ts, worker-options.ts, base-job-options.ts. Functions can't be called from here;
// what is for flows and repeated jobs is none of an event bus.
const DriverOption kBullmqQueue[] = {
    {"prefix", K::text, used, "stands before all keys, in place of RedisEventBusService"},
    {"defaultJobOptions", K::anything, used, "as jobOptions, which go before them"},
    {"streams", K::anything, used, "events.maxLen: about how many entries the stream of events keeps"},
};
const DriverOption kBullmqWorker[] = {
    {"prefix", K::text, used, "as that of queueOptions"},
    {"name", K::text, used, "stands in the jobs that it has taken"},
    {"autorun", K::truth, used, "false: no jobs are taken"},
    {"concurrency", K::integer, used, "how many jobs are under way at once; 1"},
    {"lockDuration", K::integer, used, "milliseconds that a job is ours without a sign of life; 30000"},
    {"lockRenewTime", K::integer, used, "how often the sign is given; half of lockDuration"},
    {"stalledInterval", K::integer, used, "how often jobs of workers that have died are looked for; 30000"},
    {"maxStalledCount", K::integer, used, "how often a job may be taken from such workers; 1"},
    {"maxStartedAttempts", K::integer, used, "how often a job may be begun"},
    {"skipStalledCheck", K::truth, used, "true: nobody is looked for"},
    {"drainDelay", K::integer, used, "seconds after which an idle worker asks again; 5"},
    {"limiter", K::anything, used, "{max, duration}: so many jobs in so many milliseconds"},
    {"removeOnComplete", K::anything, used, "for jobs that don't say"},
    {"removeOnFail", K::anything, used, "for jobs that don't say"},
};
const DriverOption kBullmqJob[] = {
    {"attempts", K::integer, used, "how often a job is tried; 1"},
    {"backoff", K::anything, used,
     "milliseconds before another attempt, or {type: fixed or exponential, delay, jitter}"},
    {"delay", K::integer, used, "milliseconds before the first attempt"},
    {"priority", K::integer, used, "from 1, the first, to 2097151; without one before all others"},
    {"lifo", K::truth, used, "true: the last goes first"},
    {"removeOnComplete", K::anything, used, "true, false, how many are kept, or {age in seconds, count}; true"},
    {"removeOnFail", K::anything, used, "the same; all are kept"},
    {"stackTraceLimit", K::integer, used, "how many failures a job remembers"},
    {"keepLogs", K::integer, used, "handed on"},
    {"sizeLimit", K::anything, none, ""},
    {"jobId", K::anything, none, ""}, // 1.20 gives each event's own
};

// Node's tls.connect and tls.createSecureContext, as far as a connection to a server asks for them.
const DriverOption kTls[] = {
    {"rejectUnauthorized", K::boolean, used, ""},
    {"ca", K::pem, used, ""},
    {"cert", K::pem, used, ""},
    {"key", K::pem, used, ""},
    {"passphrase", K::text, used, ""},
    {"servername", K::text, used, ""},
    {"checkServerIdentity", K::anything, used, ""},
    // Of pg-connection-string and of those who hand all options over at once.
    {"host", K::anything, used, ""},
    {"port", K::anything, used, ""},
    {"minVersion", K::anything, none, ""},
    {"maxVersion", K::anything, none, ""},
    {"ciphers", K::anything, none, ""},
    {"secureProtocol", K::anything, none, ""},
    {"secureContext", K::anything, none, ""},
    {"secureOptions", K::anything, none, ""},
    {"pfx", K::anything, none, ""},
    {"crl", K::anything, none, ""},
    {"ecdhCurve", K::anything, none, ""},
    {"sigalgs", K::anything, none, ""},
    {"dhparam", K::anything, none, ""},
    {"honorCipherOrder", K::anything, none, ""},
    {"session", K::anything, none, ""},
    {"ALPNProtocols", K::anything, none, ""},
    {"requestCert", K::anything, none, ""},
    {"enableTrace", K::anything, none, ""},
    {"minDHSize", K::anything, none, ""},
    {"highWaterMark", K::anything, none, ""},
};

const DriverOption* find(Driver driver, std::string_view name) {
  for (const DriverOption& option : driver_options(driver))
    if (option.name == name) return &option;
  return nullptr;
}

Remark without_effect(Driver driver, const std::string& name) {
  std::vector<std::string> names;
  for (const DriverOption& option : driver_options(driver))
    if (option.effect == Effect::used) names.emplace_back(option.name);
  const std::string near = find(driver, name) ? std::string() : base::nearest(name, names);
  Remark remark(" is without effect here" + (near.empty() ? "" : " (did you mean " + near + "?)"));
  remark.nearest = near;
  return remark;
}

std::string pem(const Json& value) {
  if (value.is_string()) return value.as_string();
  std::string text;
  if (value.is_array())
    for (const Json& part : value.as_array()) text += pem(part) + "\n";
  return text;
}

std::string read_text(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

const char* environment(const char* name) {
  const char* value = std::getenv(name);
  return value && *value ? value : nullptr;
}
} // namespace

std::span<const DriverOption> driver_options(Driver driver) {
  switch (driver) {
  case Driver::pg: return kPg;
  case Driver::ioredis: return kIoredis;
  case Driver::bullmq_queue: return kBullmqQueue;
  case Driver::bullmq_worker: return kBullmqWorker;
  case Driver::bullmq_job: return kBullmqJob;
  case Driver::tls: return kTls;
  }
  return {};
}

Json checked_driver_options(Driver driver, const Json& given, const std::string& place, const Report& problem,
                            const Report& warning) {
  Json result = Json::object();
  if (!given.is_object()) return result; // said already
  for (const auto& [name, value] : given.as_object()) {
    if (value.is_nullish()) continue;
    const DriverOption* option = find(driver, name);
    const std::string where = place + "." + name;
    if (!option || option->effect == none) {
      warning(where, without_effect(driver, name));
    } else if (option->effect == Effect::refused) {
      problem(where, ": " + std::string(option->description));
    } else if (const auto usable = check(option->kind, value)) {
      if (option->kind == Kind::tls && usable->is_object())
        result.set(name, checked_driver_options(Driver::tls, *usable, where, problem, warning));
      else if (!usable->is_undefined())
        result.set(name, *usable);
    } else {
      // Never the value: it may be a password.
      if (option->kind == Kind::boolean) {
        problem(where, Remark::not_accepted(value.is_object() || value.is_array() ? "an object" : value.dump(),
                                            std::string(accepted(option->kind))));
        continue;
      }
      Remark remark(" has a value of another kind; it accepts " + std::string(accepted(option->kind)));
      remark.accepted = accepted(option->kind);
      problem(where, remark);
    }
  }
  return result;
}

TlsOptions tls_options(const Json& checked) {
  using Verify = TlsOptions::Verify;
  TlsOptions tls;
  if (checked.is_nullish() || checked == Json(false)) return tls;
  tls.on = true;
  const auto text = [&](std::string_view name) { return base::text_of(checked[name]); };
  // A function can't be asked at a handshake; the configuration's evaluation has asked whether it accepts any host.
  if (checked["checkServerIdentity"]["answer"] == Json(true)) tls.verify = Verify::authority;
  const Json& reject = checked["rejectUnauthorized"];
  if (reject == Json(false) || (reject.is_nullish() && !certificates_count())) tls.verify = Verify::nothing;
  tls.authorities = pem(checked["ca"]);
  tls.certificate = pem(checked["cert"]);
  tls.key = pem(checked["key"]);
  tls.passphrase = text("passphrase");
  tls.server_name = text("servername");
  return tls;
}

const std::string& system_authorities() {
  static const std::string text = [] {
    std::string all;
    const char* named = environment("SSL_CERT_FILE");
    for (const char* path : {named ? named : "", "/etc/ssl/certs/ca-certificates.crt",
                             "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"})
      if (all.empty() && *path) all = read_text(path);
    if (const char* extra = environment("NODE_EXTRA_CA_CERTS")) all += "\n" + read_text(extra);
    return all;
  }();
  return text;
}

bool certificates_count() {
  const char* value = environment("NODE_TLS_REJECT_UNAUTHORIZED");
  return !value || std::string_view(value) != "0";
}

} // namespace config
