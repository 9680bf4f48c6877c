// The configuration of one server: what medusa-config.js, .env and the environment say, checked and typed.
// Owns: plain values, made once at start by load() and read-only afterwards. Read by every room, on any thread.
// A default-constructed Config is a development server without a project; tests start from it.
#pragma once
#include "base/json.hpp"
#include "base/log.hpp"
#include "config/finding.hpp"
#include "schema/flags.hpp"
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace config {

// One entry of a CORS list: a literal origin, compared exactly, or a JavaScript pattern, tested unanchored.
struct Origin {
  std::string text;    // as written, without surrounding blanks
  std::string pattern; // the pattern's body; empty for a literal
  std::string flags;   // of i, m, s, u, y; g makes no sense for a test and is dropped
  bool is_pattern() const { return !pattern.empty(); }
  bool operator==(const Origin&) const = default;
};
using Origins = std::vector<Origin>;

struct Compression {
  bool enabled = false;
  int level = 6;
  int memory_level = 8;
  std::int64_t threshold = 1024; // bytes; shorter bodies are sent as they are
};

struct SessionOptions {
  std::string name = "connect.sid";
  bool resave = true;               // store the session after every request
  bool rolling = false;             // Set-Cookie with a new expiry on every response
  bool save_uninitialized = true;   // store (and send a cookie for) a session without data
  bool save_untouched = true;       // ... also for requests outside of /store and /admin
  std::vector<std::string> secrets; // the first signs, all verify; filled from cookie_secret where not given
  std::optional<std::int64_t> ttl_ms = 36'000'000; // nullopt: a cookie without Expires
};

// An entry of `plugins`.
struct Plugin {
  std::string resolve; // package name or path
  base::Json options = base::Json::object();
};

// Whether a module shares the server's connections or has its own.
enum class Resources { shared, isolated };

// An enabled entry of `modules`.
struct Module {
  std::string key;     // "eventBus", "cacheService", "inventoryService", "stockLocationService" ...
  std::string package; // "@medusajs/event-bus-redis"
  base::Json options = base::Json::object(); // checked
  Resources resources = Resources::shared;
  std::string alias; // another name for it
  bool main = false; // of several with one key
};

// Something that runs in the project's own Medusa.
struct Foreign {
  enum class Kind { plugin, module, code } kind;
  std::string key;  // "plugins[0]", "eventBus" of a module, "dist"
  std::string name; // of the package; of code, its folders
};

// Which parts of a fleet run in this process.
enum class WorkerMode { shared, worker, server };
// What stands between this server and PostgreSQL.
enum class PoolerMode { automatic, none, session, transaction };
// Which messages of the database are logged.
struct DatabaseLogging {
  bool query = false, schema = false, error = false, warn = false, info = false, log = false, migration = false;
  bool parameters = false; // statements are logged with their values, which may be anybody's secrets
  bool operator==(const DatabaseLogging&) const = default;
  static constexpr DatabaseLogging all() { return {true, true, true, true, true, true, true}; }
};
struct DatabaseLoggingWord {
  std::string_view text;
  bool DatabaseLogging::*member;
};
inline constexpr DatabaseLoggingWord kDatabaseLoggingWords[] = {
    {"query", &DatabaseLogging::query},        {"schema", &DatabaseLogging::schema}, {"error", &DatabaseLogging::error},
    {"warn", &DatabaseLogging::warn},          {"info", &DatabaseLogging::info},     {"log", &DatabaseLogging::log},
    {"migration", &DatabaseLogging::migration}};

struct Property;

// Where a value comes from.
enum class Source {
  fallback,    // nobody gave one
  file,        // medusa-config
  environment, // a variable of the process
  dotenv,      // a variable of .env, or of .env.<NODE_ENV> where the file reads that
};

// A property with its effective value, for `stheno config show`.
struct Setting {
  const Property* property = nullptr;
  base::Json value; // as checked; undefined: none
  Source source = Source::fallback;
  Place place; // of file and dotenv
};

struct Config {
  std::string project = "."; // the project's folder, absolute after load()
  std::string file;          // the configuration file, absolute; empty where there is none

  // projectConfig
  std::string jwt_secret = "supersecret";                    // signs
  std::vector<std::string> former_jwt_secrets{};             // verify as well: a list may be given
  std::vector<std::string> cookie_secrets = {"supersecret"}; // cookie_secret; a list of several may be given
  Origins store_cors, admin_cors, auth_cors;
  Compression http_compression;
  SessionOptions session_options;
  std::string database_url;      // empty: PG* variables, or the embedded server
  std::string database_database; // fills a URL without a name, or stands alone
  std::string database_schema = "public";
  base::Json database_extra = base::Json::object(); // options of the package pg, checked (see driver_options.hpp)
  base::Json database_driver_options = base::Json::object();
  DatabaseLogging database_logging;
  std::string redis_url; // empty: sessions live in this process
  std::string redis_prefix;
  base::Json redis_options = base::Json::object(); // options of ioredis, checked
  WorkerMode worker_mode = WorkerMode::shared;
  std::int64_t jobs_batch_size = 1000;

  std::vector<Plugin> plugins;
  std::vector<Module> modules;
  // What only JavaScript can do: plugins and modules that this server does not stand in for, and the project's own code.
  std::vector<Foreign> foreign;
  schema::Flags flags;

  // Environment and command line
  std::string node_env = "development";
  std::string host;                            // empty: every address
  std::string port = "9000";                   // a number
  int threads = 0;                             // 0: as many as processors, at most 2
  bool count_statements = false;               // responses say how many SQL statements they took
  std::int64_t reply_cache_bytes = 8 << 20;    // of replies of the catalogue that are kept; 0: none
  std::int64_t row_cache_bytes = 32 << 20;     // of the shop's own rows that are kept; 0: none
  std::int64_t upload_limit_bytes = 100 << 20; // of a request that brings files
  bool failure_limits = true;                  // who guesses wrong too often has to wait
  bool database_additions = true;              // indexes and the log of changes, under names stheno_*
  PoolerMode pooler = PoolerMode::automatic;   // what stands before PostgreSQL; automatic: found out at start
  base::LogLevel log_level = base::LogLevel::silly;
  std::string log_file;

  // What the file handed back, for the parts that want keys of their own (plugins, `stheno config`).
  base::Json raw = base::Json::object();

  // What a server's start should say about it: no errors, those have ended the load.
  Findings findings{};
  // All properties with their values and where those come from, in the order of the table.
  std::vector<Setting> settings{};

  // Secrets must be set.
  bool production() const { return node_env == "production" || node_env == "prod"; }
  // Session cookies are Secure and SameSite=None.
  bool secure_cookies() const { return node_env == "production" || node_env == "staging"; }
  const Plugin* plugin(std::string_view resolve) const;
  const Module* module(std::string_view key) const;
  // Null where nothing of that kind and key runs in the project's own Medusa.
  const Foreign* foreign_module(std::string_view key) const;
  bool inventory() const { return module("inventoryService") != nullptr; }
  bool stock_location() const { return module("stockLocationService") != nullptr; }
};

// Everything that is wrong with a configuration; what() has a line for each. Ends the start.
struct ConfigError : std::runtime_error {
  Findings findings; // at least one error; warnings and advice too
  explicit ConfigError(const std::string& message);
  explicit ConfigError(Findings all);
};

struct LoadOptions {
  std::string project = ".";
};

// Reads <project>/.env, evaluates the project's medusa-config and checks it against the property table. Sets
// variables of .env in this process' environment where they are not set. Call before other threads exist.
// What is wrong is left in `findings`, and the values concerned keep their defaults; refuse_errors() ends it.
Config load(const LoadOptions& options);

struct Variable {
  std::string value;
  Source source = Source::environment;
  Place place{};
};
using Environment = std::function<std::optional<Variable>(const std::string& name)>; // nullopt: not set

// load() with a value that is at hand. `file` names it in messages, and tells where a key stands if it can be read.
Config from_json(base::Json exported, const LoadOptions& options, const std::string& file, const Environment& lookup);
// Throws ConfigError when there are errors among the findings.
void refuse_errors(const Config& config);

} // namespace config
