#include "app/ready.hpp"
#include "db/migrations.hpp"
#include "redis/redis.hpp"

namespace app {
namespace {

// Whoever asks may be a stranger: the log says more.
template<class Ask> std::string missing_unless(std::string_view otherwise, Ask ask) {
  try {
    return ask();
  } catch (const std::exception&) {
    return std::string(otherwise);
  }
}

std::string of_database(http::Resources& resources) {
  static const db::Statement statement("SELECT 1");
  return missing_unless("it does not answer", [&] {
    resources.database->shared().run(statement);
    return std::string();
  });
}

// Of a database that has been put in the place of the one with which this server started. One that does not answer is told of
// as such.
std::string of_migrations(const config::Config& config, http::Resources& resources) {
  return missing_unless("", [&] {
    const bool pending = db::migration_state(resources.database->shared(), config).pending();
    return std::string(pending ? "run `stheno migrations run`" : "");
  });
}

std::string of_redis(http::Resources& resources) {
  if (!resources.redis) return {};
  return missing_unless("it does not answer", [&] {
    resources.redis->run({"PING"});
    return std::string();
  });
}

std::string of_plugins(const plugins::Child& child) {
  switch (child.state()) {
  case plugins::Child::State::ready: return {};
  case plugins::Child::State::loading: return "they are loading";
  case plugins::Child::State::gone: return "they have ended and are started again";
  case plugins::Child::State::hopeless: break;
  }
  return "they can't be loaded";
}

} // namespace

std::vector<http::Need> needs_of(const config::Config& config, const plugins::Child* child) {
  std::vector<http::Need> needs{
      {"database", of_database},
      {"migrations", [&config](http::Resources& resources) { return of_migrations(config, resources); }},
      {"redis", of_redis}};
  if (child) needs.push_back({"plugins", [child](http::Resources&) { return of_plugins(*child); }});
  return needs;
}

} // namespace app
