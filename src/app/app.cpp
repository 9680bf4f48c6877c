#include "app/app.hpp"
#include "app/connections.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/strings.hpp"
#include "commerce/entities.hpp"
#include "commerce/routes.hpp"
#include "db/pool.hpp"
#include "http/dispatcher.hpp"
#include <charconv>
#include <stdexcept>

namespace app {

void describe_entities() {
  commerce::add_entities();
  const auto faults = schema::check();
  if (!faults.empty()) throw std::logic_error("entities: " + base::join(faults, "; "));
}

void prepare_database(const config::Config&, const db::Options& database) {
  describe_entities();
  db::run_blocking(database, [&](db::Database& connected) {
    const db::Statement migrated("SELECT to_regclass('migrations') IS NOT NULL");
    if (!connected.shared().run(migrated).boolean(0, 0))
      throw base::Error(base::ErrorType::unexpected_state,
                        "Migrations missing. Please run 'stheno migrations run' and try again.");
  });
}

struct App::Parts {
  Parts(const config::Config& configuration, db::Options database_options)
      : config(configuration),
        database(std::move(database_options)),
        redis(redis_options(configuration)),
        site(configuration, commerce::all_routes()),
        server(http::dispatchers(site, [this](boost::asio::io_context& loop) {
          http::Resources resources;
          resources.database = db::open(loop, database);
          if (redis) resources.redis = std::make_unique<redis::Client>(loop, *redis);
          return resources;
        })) {}

  const config::Config& config;
  const db::Options database;
  const std::optional<redis::Options> redis;
  http::Site site;
  http::Server server;
};

App::App(const config::Config& config, db::Options database) {
  describe_entities();
  parts_ = std::make_unique<Parts>(config, std::move(database));
}

App::~App() = default;

void App::start() {
  const auto& config = parts_->config;
  unsigned port = 0;
  const auto [end, error] = std::from_chars(config.port.data(), config.port.data() + config.port.size(), port);
  if (error != std::errc{} || end != config.port.data() + config.port.size() || port > 65535)
    throw std::runtime_error("PORT: found \"" + config.port + "\", accepted: a number from 0 to 65535");
  parts_->server.start(config.host, static_cast<unsigned short>(port), thread_count(config));
}

unsigned short App::port() const { return parts_->server.port(); }

void App::stop() { parts_->server.stop(); }

} // namespace app
