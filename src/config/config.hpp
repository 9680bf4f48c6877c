// The configuration of one server: what medusa-config.js, .env and the environment say, checked and typed.
// Owns: plain values, made once at start by load() and read-only afterwards. Read by every room, on any thread.
// A default-constructed Config is a development server without a project; tests start from it.
#pragma once
#include "base/json.hpp"
#include "base/log.hpp"
#include "schema/flags.hpp"
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace config {

// One entry of a CORS list: a literal origin, compared exactly, or a JavaScript pattern, tested unanchored.
// A pattern that doesn't compile counts as the literal `text` (1.20 does the same).
struct Origin {
  std::string text;    // as written, without surrounding blanks
  std::string pattern; // the pattern's body; empty for a literal
  std::string flags;   // of i, m, s, u; g and y make no sense for a test and are dropped
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
  bool resave = true;             // store the session after every request
  bool rolling = false;           // Set-Cookie with a new expiry on every response
  bool save_uninitialized = true; // store (and send a cookie for) a session without data
  std::vector<std::string> secrets; // the first signs, all verify; filled from cookie_secret where not given
  std::optional<std::int64_t> ttl_ms = 36'000'000; // nullopt: a cookie without Expires
};

// An entry of `plugins`.
struct Plugin {
  std::string resolve;                         // package name or path
  base::Json options = base::Json::object();
};

// An enabled entry of `modules`.
struct Module {
  std::string key;     // "eventBus", "cacheService", "inventoryService", "stockLocationService" ...
  std::string package; // "@medusajs/event-bus-redis"
  base::Json options = base::Json::object();
};

// Which parts of a fleet run in this process.
enum class WorkerMode { shared, worker, server };
// Which messages of the database are logged.
struct DatabaseLogging {
  bool query = false, schema = false, error = false, warn = false, info = false, log = false, migration = false;
  bool operator==(const DatabaseLogging&) const = default;
  static constexpr DatabaseLogging all() { return {true, true, true, true, true, true, true}; }
};
struct DatabaseLoggingWord {
  std::string_view text;
  bool DatabaseLogging::*member;
};
inline constexpr DatabaseLoggingWord kDatabaseLoggingWords[] = {
    {"query", &DatabaseLogging::query}, {"schema", &DatabaseLogging::schema}, {"error", &DatabaseLogging::error},
    {"warn", &DatabaseLogging::warn},   {"info", &DatabaseLogging::info},     {"log", &DatabaseLogging::log},
    {"migration", &DatabaseLogging::migration}};

struct Config {
  std::string project = "."; // the project's folder, absolute after load()
  std::string file;          // the configuration file, absolute; empty where there is none

  // projectConfig
  std::string jwt_secret = "supersecret";
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
  schema::Flags flags;

  // Environment and command line
  std::string node_env = "development";
  std::string host;          // empty: every address
  std::string port = "9000"; // a number, or the path of a Unix socket
  int threads = 0;           // 0: as many as processors, at most 2
  bool count_statements = false; // responses say how many SQL statements they took
  std::int64_t reply_cache_bytes = 8 << 20; // of replies of the catalogue that are kept; 0: none
  bool database_additions = true;           // indexes and the log of changes, under names stheno_*
  base::LogLevel log_level = base::LogLevel::silly;
  std::string log_file;

  // What the file handed back, for the parts that want keys of their own (plugins, `stheno config`).
  base::Json raw = base::Json::object();

  // What a server's start should say about it.
  std::vector<std::string> warnings;

  // Secrets must be set.
  bool production() const { return node_env == "production" || node_env == "prod"; }
  // Session cookies are Secure and SameSite=None.
  bool secure_cookies() const { return node_env == "production" || node_env == "staging"; }
  const Plugin* plugin(std::string_view resolve) const;
  const Module* module(std::string_view key) const;
  bool inventory() const { return module("inventoryService") != nullptr; }
  bool stock_location() const { return module("stockLocationService") != nullptr; }
};

// Everything that is wrong with a configuration, a line each. Ends the start.
struct ConfigError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class UnsupportedPlugins { refuse, ignore };

struct LoadOptions {
  std::string project = ".";
  UnsupportedPlugins unsupported_plugins = UnsupportedPlugins::refuse;
};

// Reads <project>/.env, evaluates the project's medusa-config and checks it against the property table. Sets
// variables of .env in this process' environment where they are not set. Call before other threads exist.
// Throws ConfigError.
Config load(const LoadOptions& options);

// The same from a value that is at hand: `file` only names it in messages. The environment is read by `lookup`.
using Environment = std::string (*)(const char* name); // "" where not set
Config from_json(base::Json exported, const LoadOptions& options, const std::string& file, Environment lookup);

} // namespace config
