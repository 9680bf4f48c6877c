// Against a real Redis (STHENO_TEST_REDIS_URL); tests/queue/cache.mjs has Medusa's package on the other side.
#include "app/cache.hpp"
#include "base/fiber.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "redis/redis.hpp"
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <doctest/doctest.h>

using base::Json;
using namespace std::chrono_literals;

namespace {

// On a fiber, with the cache that a module of such options is.
void with_cache(base::Json options, const std::function<void(boost::asio::io_context&, ports::Cache&)>& work) {
  config::Config config;
  config.modules.push_back(
      {.key = "cacheService", .package = "@medusajs/cache-redis", .options = std::move(options), .alias = {}});
  boost::asio::io_context loop(1);
  boost::asio::post(loop, [&] {
    base::spawn_fiber([&] {
      work(loop, *app::cache_of(config, nullptr)(loop));
      loop.stop();
    });
  });
  loop.run();
}

// In a namespace of the test's own and with a client beside it.
void with_redis(const std::function<void(ports::Cache&, redis::Client&, const std::string& start)>& work,
                std::string name_space = "test-" + base::uuid()) {
  const char* url = std::getenv("STHENO_TEST_REDIS_URL");
  if (!url) return;
  with_cache(base::JsonObject{{"redisUrl", url}, {"namespace", name_space}}, [&](auto& loop, ports::Cache& cache) {
    redis::Client beside(loop, redis::options_from(url));
    work(cache, beside, (name_space.empty() ? "medusa" : name_space) + ":");
  });
}

void check_values(ports::Cache& cache) {
  CHECK_FALSE(cache.get("a"));
  cache.set("a", base::parse_json(R"({"n":[1,"ä"]})"));
  cache.set("ps:1:eu", 1);
  cache.set("ps:1:us", 2);
  cache.set("ps:10:eu", 3);
  cache.set("tx:1", 4, 0s); // not at all
  REQUIRE(cache.get("a"));
  CHECK(cache.get("a")->dump() == R"({"n":[1,"ä"]})");
  CHECK_FALSE(cache.get("tx:1"));
  cache.invalidate({"ps:1:*"});
  CHECK_FALSE(cache.get("ps:1:eu"));
  CHECK_FALSE(cache.get("ps:1:us"));
  CHECK(cache.get("ps:10:eu") == Json(3));
  cache.set("b", "x");
  cache.invalidate({"b", "ps:7:*", "ps:10:*"});
  CHECK_FALSE(cache.get("b"));
  CHECK_FALSE(cache.get("ps:10:eu"));
  CHECK(cache.get("a"));
  cache.invalidate({});
  cache.invalidate({"*"});
  CHECK_FALSE(cache.get("a"));
}

} // namespace

TEST_CASE("values in Redis: keys, JSON and time as Medusa's package has them") {
  with_redis([](ports::Cache& cache, redis::Client& beside, const std::string& start) {
    check_values(cache);
    cache.set("ps:v:eu", base::parse_json(R"({"originalPrice":1000})"));
    cache.set("short", true, 5s);
    cache.get("short"); // both are on one connection, in order
    CHECK(beside.run({"GET", start + "ps:v:eu"}).text == R"({"originalPrice":1000})");
    const auto left = beside.run({"TTL", start + "ps:v:eu"}).integer;
    CHECK((left > 25 && left <= 30));
    CHECK(beside.run({"TTL", start + "short"}).integer <= 5);
    beside.run({"SET", start + "broken", "{"});
    CHECK_FALSE(cache.get("broken"));
    CHECK_FALSE(cache.get("broken"));
    CHECK(beside.run({"EXISTS", start + "broken"}).integer == 0);
    // Many keys are walked in steps; those of others stay.
    redis::Command many{"MSET"};
    for (int i = 0; i < 5000; ++i) many.insert(many.end(), {start + "ps:" + std::to_string(i) + ":eu", "1"});
    beside.run(std::move(many));
    beside.run({"SET", "other-" + start, "1", "EX", "5"});
    cache.invalidate({"ps:1*"});
    CHECK_FALSE(cache.get("ps:1234:eu"));
    CHECK(cache.get("ps:2345:eu"));
    cache.invalidate({"*"});
    CHECK(beside.run({"EXISTS", start + "ps:2345:eu"}).integer == 0);
    CHECK(beside.run({"EXISTS", "other-" + start}).integer == 1);
  });
  // A namespace in which Redis would see a pattern.
  with_redis([](ports::Cache& cache, redis::Client&, const std::string&) { check_values(cache); },
             "test[a-z]*?\\" + base::uuid());
}

TEST_CASE("a Redis that is away: nothing is found, nothing throws") {
  base::set_log_level(base::LogLevel::error);
  with_cache(base::JsonObject{{"redisUrl", "redis://127.0.0.1:1"}}, [](auto&, ports::Cache& cache) {
    CHECK_FALSE(cache.get("a"));
    cache.set("a", 1);
    cache.invalidate({"a"});
  });
  base::set_log_level(base::LogLevel::info);
}

// Not a test: tests/queue/cache.mjs asks for it, with what Medusa's package has written and is going to read.
TEST_CASE("cache peer" * doctest::skip()) {
  with_redis(
      [](ports::Cache& cache, redis::Client&, const std::string&) {
        const auto found = cache.get("from-medusa");
        cache.set("from-stheno", found.value_or(Json()));
        cache.get("from-stheno");
      },
      "");
}
