// How to reach PostgreSQL, and the blocking way in for commands. No libpq, no Asio.
// Owns: the connection options. Filled by app and cli from the configuration; read by db on any thread.
#pragma once
#include "config/config.hpp"
#include "db/db.hpp"
#include <chrono>
#include <functional>
#include <string>

namespace db {

struct Options {
  std::string url; // postgres://..., socket:..., "/socket/folder database", libpq's keywords; empty: the PG* variables
  std::string database; // fills a URL without a name
  std::string schema;   // search_path; empty: as the role has it
  // Options of node-postgres in checked form (config/driver_options.hpp); the URL's own values win over them.
  base::Json client = base::Json::object();
  std::string application_name = "stheno";
  // Of each thread. All open when needed, not before.
  int shared_connections = 2;
  int exclusive_connections = 8;
  // How long a request waits for a connection before it is answered with `unavailable`: while all are busy, and while
  // there is none at all.
  std::chrono::milliseconds patience{5000}, patience_while_away{1000};
  // When a connection that nobody uses is closed; 0: never. One of each kind stays.
  std::chrono::milliseconds idle{10'000};
  config::DatabaseLogging logging;
};

// The connections that a configuration allows (database_extra.max), for all threads together; 0: any number.
int most_connections(const config::Config& config);

// What the configuration says (database_*), for each of `threads` threads; the connections of all of them together,
// and `others` beside them, respect database_extra.max where it is given and suffices. `url` takes the place of
// database_url (the embedded server's).
Options options_from(const config::Config& config, int threads, const std::string& url = {}, int others = 0);

// Connects once and disconnects. Throws base::Error `unavailable` with the reason in its text (it names host
// and user, never the password), for messages to the operator.
void probe(const Options& options);

// For commands: runs `work` on a fiber with a database of its own and returns when it is done. Throws what it throws.
// Probes first, so that a wrong URL ends the command with a reason.
void run_blocking(const Options& options, const std::function<void(Database&)>& work);

} // namespace db
