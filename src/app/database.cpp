#include "app/database.hpp"
#include <cstdlib>

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

Backing::Backing(const config::Config& config) : config_(config), pooler_(std::make_shared<db::Pooler>(config.pooler)) {
  if (names_database(config)) return;
  pooler_ = std::make_shared<db::Pooler>(config::PoolerMode::none);
  base::log_info("No database_url: using the embedded PostgreSQL, data under .stheno/postgres");
  server_ = db::EmbeddedServer::start(config.project, [](std::string_view step) { base::log_info(step); });
}

db::Options Backing::options(const config::Config& config, int threads, int others) const {
  auto options = db::options_from(config, threads, server_ ? server_->url() : std::string(), others);
  options.pooler = pooler_;
  return options;
}

} // namespace app
