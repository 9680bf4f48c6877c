#include "app/database.hpp"
#include <cstdlib>
#include <thread>

namespace app {
namespace {

// The variables by which libpq and node-postgres find a server.
bool named_by_environment() {
  for (const char* name : {"PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGDATABASE", "PGSERVICE", "PGPASSWORD"}) {
    const char* value = std::getenv(name);
    if (value && *value) return true;
  }
  return false;
}
} // namespace

bool names_database(const config::Config& config) {
  for (const char* name : {"connectionString", "host", "port", "user", "password", "database"})
    if (config.database_extra.has(name)) return true;
  return !config.database_url.empty() || !config.database_database.empty() || named_by_environment();
}

Backing::Backing(const config::Config& config, db::Embedding embedding)
    : config_(config), pooler_(std::make_shared<db::Pooler>(config.pooler)) {
  if (names_database(config)) return;
  pooler_ = std::make_shared<db::Pooler>(config::PoolerMode::none);
  base::log_info("No database_url: using the embedded PostgreSQL, data under .stheno/postgres");
  const auto progress = [](std::string_view step) { base::log_info(step); };
  server_ = db::EmbeddedServer::start(config.project, progress, embedding);
}

bool Backing::keep_running(const std::function<bool()>& stop_wanted) {
  constexpr std::size_t kMostRestarts = 5; // within a minute
  if (!server_ || !server_->has_ended()) return true;
  base::log_error("The embedded PostgreSQL has ended unexpectedly: starting it again");
  while (!stop_wanted()) {
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(restarts_, [now](auto time) { return now - time > std::chrono::minutes(1); });
    if (restarts_.size() >= kMostRestarts) {
      base::log_error("The embedded PostgreSQL has ended too often within a minute: giving up. Its own log is "
                      ".stheno/postgres/server.log");
      return false;
    }
    restarts_.push_back(now);
    try {
      server_->start_again(stop_wanted);
      base::log_info("The embedded PostgreSQL serves again");
      return true;
    } catch (const std::exception& failure) {
      base::log_error("The embedded PostgreSQL can't be started again", {{"error", failure.what()}});
      for (int i = 0; i < 20 && !stop_wanted(); i++) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  return true;
}

db::Options Backing::options(const config::Config& config, int threads, int others) const {
  auto options = db::options_from(config, threads, server_ ? server_->url() : std::string(), others);
  options.pooler = pooler_;
  return options;
}

} // namespace app
