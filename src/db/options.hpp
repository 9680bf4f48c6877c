// How to reach PostgreSQL, and the blocking way in for commands. No libpq, no Asio.
// Owns: the connection options. Filled by app and cli from the configuration; read by db on any thread.
#pragma once
#include "config/config.hpp"
#include "db/db.hpp"
#include "db/pooler.hpp"
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace db {

// Since when no connection could be made: one for all threads of a server, so that the first to notice spares the others
// the waiting. Copies of the options share it. Any thread.
class Outage {
 public:
  using Clock = std::chrono::steady_clock;
  // Each says whether this was news.
  bool begins() {
    Clock::rep none = 0;
    return since_.compare_exchange_strong(none, Clock::now().time_since_epoch().count());
  }
  bool ends() { return since_.exchange(0) != 0; }
  bool lasts() const { return since_ != 0; }
  bool longer_than(Clock::duration duration) const {
    const Clock::rep since = since_;
    return since != 0 && Clock::now() - Clock::time_point(Clock::duration(since)) > duration;
  }

 private:
  std::atomic<Clock::rep> since_ = 0; // 0: there is none
};

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
  std::shared_ptr<Outage> outage = std::make_shared<Outage>();
  std::shared_ptr<Pooler> pooler = std::make_shared<Pooler>();
  // Of all threads; null: none are kept.
  std::shared_ptr<KeptRows> kept_rows;
};

// The connections that a configuration allows (database_extra.max), for all threads together; 0: any number.
int most_connections(const config::Config& config);

// What the configuration says (database_*), for each of `threads` threads; the connections of all of them together,
// and `others` beside them, respect database_extra.max where it is given and suffices. `url` takes the place of
// database_url (the embedded server's).
Options options_from(const config::Config& config, int threads, const std::string& url = {}, int others = 0);

// Throws base::Error with the reason when the options can't be read. Connects to nothing.
void check(const Options& options);

// Connects once and disconnects; finds out what stands before PostgreSQL where nobody has said. Throws base::Error `unavailable` with the reason in its text (it names host
// and user, never the password), for messages to the operator.
void probe(const Options& options);

// For commands: runs `work` on a fiber with a database of its own and returns when it is done. Throws what it throws.
// Probes first, so that a wrong URL ends the command with a reason.
void run_blocking(const Options& options, const std::function<void(Database&)>& work);

} // namespace db
