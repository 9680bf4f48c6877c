// How to reach PostgreSQL, and the blocking way in for commands. No libpq, no Asio.
// Owns: the connection options. Filled by app and cli from the configuration; read by db on any thread.
#pragma once
#include "db/db.hpp"
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace config {
struct Config;
}

namespace db {

enum class Tls {
  as_url,     // what the URL says; silent, plain first and TLS where the server demands it
  unverified, // node-postgres: ssl: {rejectUnauthorized: false}
  verified,   // node-postgres: ssl: true
};

struct Options {
  std::string url;      // postgres://..., or libpq's keywords; empty: the PG* variables
  std::string database; // fills a URL without a name
  std::string schema;   // search_path; empty: as the role has it
  Tls tls = Tls::as_url;
  std::vector<std::pair<std::string, std::string>> keywords; // libpq keywords that win over the URL
  std::string application_name = "stheno";
  // Of each thread. All open when needed, not before.
  int shared_connections = 2;
  int exclusive_connections = 8;
  // How long a request waits for a connection before it is answered with `unavailable`.
  std::chrono::milliseconds patience{5000};
  // database_logging: called after each statement, on the thread that sent it.
  void (*log)(std::string_view sql, double milliseconds) = nullptr;
};

// What the configuration says (database_*), for each of `threads` threads; the connections of all of them together
// respect database_extra.max where it is given. `url` takes the place of database_url (the embedded server's).
Options options_from(const config::Config& config, int threads, const std::string& url = {});

// Connects once and disconnects. Throws base::Error `unavailable` with libpq's reason in its text (it names host
// and user, never the password), for messages to the operator.
void probe(const Options& options);

// For commands: runs `work` on a fiber with a database of its own and returns when it is done. Throws what it throws.
// Probes first, so that a wrong URL ends the command with a reason.
void run_blocking(const Options& options, const std::function<void(Database&)>& work);

} // namespace db
