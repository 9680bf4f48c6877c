#include "config/properties.hpp"
#include "config/origins.hpp"
#include <iterator>

namespace config {
namespace {
using base::Json;

std::vector<std::string> strings(const Json& list) {
  std::vector<std::string> out;
  for (const Json& item : list.as_array()) out.push_back(item.as_string());
  return out;
}

// TypeORM's LoggerOptions. Quirk: a word that it doesn't know logs nothing, and neither does a single one but "all".
DatabaseLogging logging_of(const Json& value) {
  DatabaseLogging logging;
  if (value == Json("all") || value == Json(true)) return DatabaseLogging::all();
  if (!value.is_array()) return logging;
  for (const Json& word : value.as_array())
    for (const auto& [name, member] : kDatabaseLoggingWords)
      if (word == Json(name)) logging.*member = true;
  return logging;
}

template<schema::Flag F> void store_flag(Config& c, const Json& v) { c.flags.set(F, v.as_bool()); }
void nothing(Config&, const Json&) {}

void refuse_medusa_v2(Config&, const Json& on) {
  if (on.as_bool())
    throw ConfigError("it turns on the modules of the next generation, which this server does not have; leave it out");
}
void refuse_workflows(Config&, const Json& on) {
  if (on.as_bool()) throw ConfigError("it turns on what the API of 1.20 does not have; leave it out");
}

using K = Kind;
constexpr auto open = Secrecy::open;
constexpr auto secret = Secrecy::secret;
constexpr auto file = Precedence::file;
constexpr auto environment = Precedence::environment;

// One property, one paragraph: the formatter would give each value a line.
// clang-format off
const Property kProperties[] = {
    {"projectConfig.jwt_secret", K::secrets, R"("supersecret")", R"("a long random text")", secret, "JWT_SECRET", file,
     "1.20.0",
     "Signs the bearer tokens of admins and customers; of a list (not in 1.20), the first signs and all verify. Must be "
     "set in production.",
     [](Config& c, const Json& v) {
       c.former_jwt_secrets = strings(v);
       c.jwt_secret = c.former_jwt_secrets.front();
       c.former_jwt_secrets.erase(c.former_jwt_secrets.begin());
     }},
    {"projectConfig.cookie_secret", K::secrets, R"("supersecret")", R"("a long random text")", secret, "COOKIE_SECRET",
     file, "1.20.0", "Signs the session cookie; of a list, the first signs and all verify. Must be set in production.",
     [](Config& c, const Json& v) { c.cookie_secrets = strings(v); }},
    {"projectConfig.store_cors", K::origins, R"("")", R"("http://localhost:8000,/\\.my-shop\\.com$/")", open, "", file,
     "1.20.0", "Origins that may call /store from a browser: literal ones and /patterns/, separated by commas.",
     [](Config& c, const Json& v) { c.store_cors = parse_origins(v); }},
    {"projectConfig.admin_cors", K::origins, R"("")", R"("http://localhost:7001")", open, "", file, "1.20.0",
     "Origins that may call /admin from a browser.",
     [](Config& c, const Json& v) { c.admin_cors = parse_origins(v); }},
    {"projectConfig.auth_cors", K::origins, R"("")", R"("http://localhost:8000")", open, "", file, "1.20.3",
     "Origins that may call a project's own routes below /auth.",
     [](Config& c, const Json& v) { c.auth_cors = parse_origins(v); }},
    {"projectConfig.http_compression.enabled", K::truth, "false", "true", open, "", file, "1.20.0",
     "Compresses the answers of /store and /admin.",
     [](Config& c, const Json& v) { c.http_compression.enabled = v.as_bool(); }},
    {"projectConfig.http_compression.level", K::integer, "6", "6", open, "", file, "1.20.0",
     "zlib's level; -1 is its default.",
     [](Config& c, const Json& v) { c.http_compression.level = static_cast<int>(v.as_int()); }, {-1, 9}},
    {"projectConfig.http_compression.memLevel", K::integer, "8", "8", open, "", file, "1.20.0",
     "zlib's memory level.",
     [](Config& c, const Json& v) { c.http_compression.memory_level = static_cast<int>(v.as_int()); }, {1, 9}},
    {"projectConfig.http_compression.threshold", K::bytes, "1024", R"("1kb")", open, "", file, "1.20.0",
     "Bodies shorter than this are sent as they are.",
     [](Config& c, const Json& v) { c.http_compression.threshold = v.as_int(); }, {}, Refused::counts_as_none},
    {"projectConfig.session_options.name", K::cookie_name, R"("connect.sid")", R"("my-shop.sid")", open, "", file, "1.20.0",
     "Name of the session cookie.", [](Config& c, const Json& v) { c.session_options.name = v.as_string(); }},
    {"projectConfig.session_options.resave", K::truth, "true", "false", open, "", file, "1.20.0",
     "Stores a session after every request, also when nothing in it has changed.",
     [](Config& c, const Json& v) { c.session_options.resave = v.as_bool(); }},
    {"projectConfig.session_options.rolling", K::truth, "false", "true", open, "", file, "1.20.0",
     "Sends the cookie with a new expiry on every answer.",
     [](Config& c, const Json& v) { c.session_options.rolling = v.as_bool(); }},
    {"projectConfig.session_options.saveUninitialized", K::truth, "true", "false", open, "", file, "1.20.0",
     "Stores a session, and sends its cookie, before anybody has logged in.",
     [](Config& c, const Json& v) { c.session_options.save_uninitialized = v.as_bool(); }},
    {"projectConfig.session_options.saveUntouched", K::truth, "true", "false", open, "", file, "stheno",
     "Loads and stores a session also for requests that have none to ask for: /health, files, unknown paths.",
     [](Config& c, const Json& v) { c.session_options.save_untouched = v.as_bool(); }},
    {"projectConfig.session_options.secret", K::secrets, "", R"("a long random text")", secret, "", file, "1.20.0",
     "Signs the session cookie in place of cookie_secret.",
     [](Config& c, const Json& v) { c.session_options.secrets = strings(v); }},
    {"projectConfig.session_options.ttl", K::milliseconds, "36000000", "36000000", open, "", file, "1.20.0",
     "Lifetime of a session in milliseconds; false makes a cookie that ends with the browser.",
     [](Config& c, const Json& v) {
       c.session_options.ttl_ms = v.is_bool() ? std::nullopt : std::optional<std::int64_t>(v.as_int());
     }},
    {"projectConfig.database_url", K::text, "", R"("postgres://user:password@localhost:5432/medusa")", secret, "", file,
     "1.20.0", "The PostgreSQL database. Without it the PG* variables count, and without those an embedded server.",
     [](Config& c, const Json& v) { c.database_url = v.as_string(); }},
    {"projectConfig.database_database", K::text, "", R"("medusa")", open, "", file, "1.20.0",
     "Name of the database where database_url has none.",
     [](Config& c, const Json& v) { c.database_database = v.as_string(); }},
    {"projectConfig.database_schema", K::text, R"("public")", R"("public")", open, "", file, "1.20.0",
     "Schema of all tables, put into the search path.",
     [](Config& c, const Json& v) { c.database_schema = v.as_string(); }},
    {"projectConfig.database_type", K::database_type, "", R"("postgres")", open, "", file, "1.20.0",
     "Only postgres is supported. 1.20 does not read it.", nothing},
    {"projectConfig.database_extra", K::lenient_object, "{}", R"({"max":16,"ssl":{"rejectUnauthorized":false}})", open,
     "", file, "1.20.0", "Options of the connections as the npm package pg takes them: max, ssl ...",
     [](Config& c, const Json& v) { c.database_extra = v; }},
    {"projectConfig.database_driver_options", K::lenient_object, "{}",
     R"({"connection":{"ssl":{"rejectUnauthorized":false}}})", open, "", file, "1.20.4",
     "Options of the connections of modules. Here modules share the server's own, so that it is without effect.",
     [](Config& c, const Json& v) { c.database_driver_options = v; }},
    {"projectConfig.database_logging", K::logging, "false", "true", open, "", file, "1.20.0",
     "Logs statements with their duration, and what the database says: true or \"all\", false, or a list of query, schema, "
     "error, warn, info, log and migration.",
     [](Config& c, const Json& v) { c.database_logging = logging_of(v); }},
    {"projectConfig.redis_url", K::text, "", R"("redis://localhost:6379")", secret, "", file, "1.20.0",
     "Redis for sessions and scheduled jobs. Without it sessions live in the server's memory.",
     [](Config& c, const Json& v) { c.redis_url = v.as_string(); }},
    {"projectConfig.redis_prefix", K::text, R"("")", R"("shop:")", open, "", file, "1.20.0",
     "Goes before the Redis keys of sessions and scheduled jobs.",
     [](Config& c, const Json& v) { c.redis_prefix = v.as_string(); }},
    {"projectConfig.redis_options", K::lenient_object, "{}", R"({"db":1,"tls":{}})", open, "", file, "1.20.0",
     "Options of the Redis connections as the npm package ioredis takes them.",
     [](Config& c, const Json& v) { c.redis_options = v; }},
    {"projectConfig.worker_mode", K::worker_mode, R"("shared")", R"("server")", open, "MEDUSA_WORKER_MODE", file,
     "1.20.4", "Which work this process does: shared, worker or server.",
     [](Config& c, const Json& v) {
       c.worker_mode = v == Json("worker")   ? WorkerMode::worker
                       : v == Json("server") ? WorkerMode::server
                                             : WorkerMode::shared;
     }, {}, Refused::counts_as_none},
    {"projectConfig.jobs_batch_size", K::integer, "1000", "100", open, "", file, "1.20.2",
     "How many recorded events are published at once.",
     [](Config& c, const Json& v) { c.jobs_batch_size = v.as_int(); }, {1, INT32_MAX}},
    {"plugins", K::list, "[]", R"(["medusa-payment-manual",{"resolve":"@medusajs/file-local","options":{}}])", open, "",
     file, "1.20.0", "Plugins: names, or objects with resolve and options.", nothing},
    {"modules", K::object, "{}", R"({"cacheService":{"resolve":"@medusajs/cache-inmemory"}})", open, "", file, "1.20.0",
     "Modules by key: false, true, a package name, or an object with resolve and options.", nothing},
    {"featureFlags.sales_channels", K::flag, "true", "true", open, "MEDUSA_FF_SALES_CHANNELS", environment, "1.20.0",
     "Sales channels of products, carts and orders.", store_flag<schema::Flag::sales_channels>},
    {"featureFlags.product_categories", K::flag, "false", "true", open, "MEDUSA_FF_PRODUCT_CATEGORIES", environment,
     "1.20.0", "A tree of product categories.", store_flag<schema::Flag::product_categories>},
    {"featureFlags.publishable_api_keys", K::flag, "true", "true", open, "MEDUSA_FF_PUBLISHABLE_API_KEYS", environment,
     "1.20.0", "Keys that storefronts send to name their sales channels. As in 1.20 they are there whatever the flag says.",
     store_flag<schema::Flag::publishable_api_keys>},
    {"featureFlags.order_editing", K::flag, "true", "true", open, "MEDUSA_FF_ORDER_EDITING", environment, "1.20.0",
     "Changing the items of placed orders. As in 1.20 it is there whatever the flag says.", store_flag<schema::Flag::order_editing>},
    {"featureFlags.tax_inclusive_pricing", K::flag, "false", "true", open, "MEDUSA_FF_TAX_INCLUSIVE_PRICING",
     environment, "1.20.0", "Prices that already contain their tax.", store_flag<schema::Flag::tax_inclusive_pricing>},
    {"featureFlags.analytics", K::flag, "true", "false", open, "MEDUSA_FF_ANALYTICS", environment, "1.20.0",
     "The dashboard's questions about usage data.", store_flag<schema::Flag::analytics>},
    {"featureFlags.medusa_v2", K::flag, "false", "false", open, "MEDUSA_FF_MEDUSA_V2", environment, "1.20.0",
     "The modules of the next generation. Refused when on: this server has none of them.", refuse_medusa_v2},
    {"featureFlags.workflows", K::flag, "false", "false", open, "MEDUSA_FF_WORKFLOWS", environment, "1.20.0",
     "Refused when on: nothing in the API of 1.20 hangs on it.", refuse_workflows},
    {"env:NODE_ENV", K::text, R"("development")", R"("production")", open, "NODE_ENV", environment, "1.20.0",
     "production demands secrets; production and staging send Secure cookies.",
     [](Config& c, const Json& v) { c.node_env = v.as_string(); }},
    {"env:PORT", K::port, R"("9000")", R"("9000")", open, "PORT", environment, "1.20.0",
     "Port to listen on. --port wins. 1.20 takes what is no number as the path of a Unix socket; here it is refused.",
     [](Config& c, const Json& v) { c.port = v.as_string(); }},
    {"env:HOST", K::text, R"("")", R"("127.0.0.1")", open, "HOST", environment, "stheno",
     "Address to listen on; empty is every address. 1.20 accepts it and listens everywhere. --host wins.",
     [](Config& c, const Json& v) { c.host = v.as_string(); }},
    {"env:STHENO_THREADS", K::integer, "0", R"("2")", open, "STHENO_THREADS", environment, "stheno",
     "Threads that serve requests; 0 is one per processor, at most 2. --threads wins.",
     [](Config& c, const Json& v) { c.threads = static_cast<int>(v.as_int()); }, {0, 1024}},
    {"env:STHENO_COUNT_STATEMENTS", K::integer, "0", R"("1")", open, "STHENO_COUNT_STATEMENTS", environment, "stheno",
     "1: each response has a header x-stheno-statements with the number of SQL statements that the request sent, BEGIN "
     "and COMMIT among them. For tests.",
     [](Config& c, const Json& v) { c.count_statements = v.as_int() != 0; }},
    {"env:STHENO_REPLY_CACHE", K::bytes, R"("8mb")", R"("0")", open, "STHENO_REPLY_CACHE", environment, "stheno",
     "Memory for replies of the catalogue that are kept until something of them changes; 0 keeps none.",
     [](Config& c, const Json& v) { c.reply_cache_bytes = v.as_int(); }},
    {"env:STHENO_ROW_CACHE", K::bytes, R"("32mb")", R"("0")", open, "STHENO_ROW_CACHE", environment, "stheno",
     "Memory for rows of the catalogue, regions, shipping and taxes that are kept until they change; 0 keeps none.",
     [](Config& c, const Json& v) { c.row_cache_bytes = v.as_int(); }},
    {"env:STHENO_UPLOAD_LIMIT", K::bytes, R"("100mb")", R"("1gb")", open, "STHENO_UPLOAD_LIMIT", environment, "stheno",
     "Most bytes of a request that uploads files. Bodies of other requests have 1.20's limit of 100 kB.",
     [](Config& c, const Json& v) { c.upload_limit_bytes = v.as_int(); }},
    {"env:STHENO_LOG_PARAMETERS", K::flag, "false", R"("true")", open, "STHENO_LOG_PARAMETERS", environment, "stheno",
     "Whether the statements that database_logging asks for are logged with their values: customers' data, hashes and keys "
     "among them. For finding a fault.",
     [](Config& c, const Json& v) { c.database_logging.parameters = v.as_bool(); }},
    {"env:STHENO_FAILURE_LIMITS", K::flag, "true", R"("false")", open, "STHENO_FAILURE_LIMITS", environment, "stheno",
     "Whether those who guess wrong too often have to wait (429 with Retry-After): passwords, tokens of mails, API tokens, "
     "codes of gift cards and discounts, and order look-ups, by account and by address.",
     [](Config& c, const Json& v) { c.failure_limits = v.as_bool(); }},
    {"env:STHENO_DATABASE_ADDITIONS", K::flag, "true", R"("false")", open, "STHENO_DATABASE_ADDITIONS", environment,
     "stheno", "Whether a start adds indexes and the log of changes to the database, all under names stheno_*.",
     [](Config& c, const Json& v) { c.database_additions = v.as_bool(); }},
    {"env:STHENO_METRICS", K::text, "", R"("9464")", open, "STHENO_METRICS", environment, "stheno",
     "Where Prometheus finds this server's figures, as http://ADDRESS:PORT/metrics: a port, which is then open to this machine "
     "only, or address:port. Empty: nowhere. Never on the shop's own port, which everybody reaches.",
     nothing},
    {"env:STHENO_MIRROR", K::text, "", R"("1%")", open, "STHENO_MIRROR", environment, "stheno",
     "Share of the live GETs that is also sent to the server of STHENO_MIRROR_TO, in the background, to compare its answers: from "
     "0.01% to 100%. Empty: none. --mirror wins.",
     nothing},
    {"env:STHENO_MIRROR_TO", K::text, "", R"("http://localhost:9000")", open, "STHENO_MIRROR_TO", environment, "stheno",
     "Where that share goes: the real Medusa, or another server of the same shop. It gets the cookies and tokens of those who ask, "
     "so it must be https:// beyond this machine and private networks. --mirror-to wins.",
     nothing},
    {"env:STHENO_PLUGINS_LOAD_TIME", K::integer, "300", R"("600")", open, "STHENO_PLUGINS_LOAD_TIME", environment, "stheno",
     "Seconds for the project's own Medusa to load plugins and code; one that takes longer is ended, and the loaders that "
     "were at work are named.",
     nothing,
     {1, 86'400}},
    {"env:STHENO_POOLER", K::pooler_mode, R"("auto")", R"("transaction")", open, "STHENO_POOLER", environment, "stheno",
     "What stands between this server and PostgreSQL: none, or a pooler (PgBouncer and its kin) that gives a connection to "
     "the session or to the transaction. auto finds out at start. Behind transaction, nothing depends on a session.",
     [](Config& c, const Json& v) {
       c.pooler = v == Json("none")          ? PoolerMode::none
                  : v == Json("session")     ? PoolerMode::session
                  : v == Json("transaction") ? PoolerMode::transaction
                                             : PoolerMode::automatic;
     }},
    {"env:STHENO_STOREFRONT", K::text, "", R"("storefront")", open, "STHENO_STOREFRONT", environment, "stheno",
     "A folder of static files with an index.html, which is shown at /: a storefront. Without it a small page there says what "
     "this server is and where things are.",
     nothing},
    {"env:LOG_LEVEL", K::log_level, R"("silly")", R"("info")", open, "LOG_LEVEL", environment, "1.20.0",
     "Least level that is logged: error, warn, info, http, verbose, debug or silly.",
     [](Config& c, const Json& v) { c.log_level = base::log_level_named(v.as_string()); }, {}, Refused::counts_as_none},
    {"env:LOG_FILE", K::text, "", R"("server.log")", open, "LOG_FILE", environment, "1.20.0",
     "A file that log lines are appended to as well.",
     [](Config& c, const Json& v) { c.log_file = v.as_string(); }},
};
// clang-format on

constexpr Section kSections[] = {
    {"projectConfig", Refused::ends_start},
    {"projectConfig.http_compression", Refused::ends_start},
    {"projectConfig.session_options", Refused::counts_as_none},
    {"featureFlags", Refused::counts_as_none},
};

} // namespace

std::string_view accepted(Kind kind) {
  switch (kind) {
  case Kind::text: return "a text";
  case Kind::secrets: return "a text or a list of texts";
  case Kind::truth:
  case Kind::boolean:
  case Kind::flag: return "true or false";
  case Kind::pem: return "the text of a certificate or key, or a list of them";
  case Kind::integer: return "a whole number";
  case Kind::bytes: return "a number of bytes or a text such as \"1kb\"";
  case Kind::milliseconds: return "a number of milliseconds or false";
  case Kind::origins: return "a text with origins separated by commas, or a list of them";
  case Kind::object:
  case Kind::lenient_object: return "an object";
  case Kind::list: return "a list";
  case Kind::logging: return "true, false, \"all\" or a list of query, schema, error, warn, info, log and migration";
  case Kind::pooler_mode: return "\"auto\", \"none\", \"session\" or \"transaction\"";
  case Kind::worker_mode: return "\"shared\", \"worker\" or \"server\"";
  case Kind::log_level: return "error, warn, info, http, verbose, debug or silly";
  case Kind::port: return "a number from 0 to 65535";
  case Kind::database_type: return "\"postgres\": only postgres is supported";
  case Kind::tls: return "true, false, or an object with rejectUnauthorized, ca, cert, key ...";
  case Kind::pauses: return "a function from a number of attempts to milliseconds";
  case Kind::cookie_name: return "a name for a cookie: letters, digits and !#$%&'*+-.^_`|~";
  case Kind::unread:
  case Kind::anything: break;
  }
  return "anything";
}

std::span<const Property> properties() { return kProperties; }

const Property* property(std::string_view key) {
  for (const Property& p : kProperties)
    if (p.key == key) return &p;
  return nullptr;
}

std::span<const Section> sections() { return kSections; }

std::string accepted(const Property& property) {
  std::string text(accepted(property.kind));
  const auto& [least, most] = property.bounds;
  if (least != Bounds{}.least)
    text += " from " + std::to_string(least) + (most < INT32_MAX ? " to " + std::to_string(most) : " on");
  return text;
}

} // namespace config
