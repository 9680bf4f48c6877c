// The way of a request: session, body, CORS, route, who asks, rules, handler, errors, access log, as Medusa 1.20's
// middlewares are ordered. Site is what all threads share, made by app at start and read-only (its session store and
// its counters of failures lock by themselves); a dispatcher serves one thread.
#pragma once
#include "config/config.hpp"
#include "db/db.hpp"
#include "http/auth.hpp"
#include "http/compression.hpp"
#include "http/cors.hpp"
#include "http/failures.hpp"
#include "http/figures.hpp"
#include "http/front_page.hpp"
#include "http/reply_cache.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "http/session.hpp"
#include "http/single_page.hpp"
#include "http/static_files.hpp"
#include "ports/cache.hpp"
#include "ports/outside.hpp"
#include "redis/redis.hpp"
#include <functional>
#include <memory>

namespace http {

struct Resources;

// Something without which this server can't do its work, for /health/ready.
struct Need {
  std::string_view name;
  // Why it is not there, in words that a stranger may read; empty where it is. On the request's fiber.
  std::function<std::string(Resources&)> missing;
};

struct Site {
  // `configuration` must outlive the site. Throws std::logic_error when the routes contradict each other.
  Site(const config::Config& configuration, Routes routes);

  const config::Config& config;
  const Router router;
  const Cors store_cors, admin_cors;
  const Compression compression;
  const Sessions sessions;
  const Authentication authentication;
  MemorySessionStore memory_sessions;
  FailureTable failures;
  ReplyCache* reply_cache = nullptr;   // null: every reply is made anew
  db::RowCounts* row_counts = nullptr; // null: every list counts anew
  db::ListCounts list_counts;
  const StaticFiles* static_files = nullptr; // null: there are none
  // Whether somebody beside this server answers; told the native route, or null where there is none. Empty: nobody does.
  std::function<bool(const Request&, const Route*)> answered_beside;
  std::vector<Need> needs{}; // in the order in which they are asked
  RequestFigures figures;
  // How whoever answers beside this server is, for /health: "ready". Empty: nobody does.
  std::function<std::string_view()> state_beside;
  const SinglePage* single_page = nullptr; // null: there is none
  const FrontPage* front_page = nullptr;   // null: nothing stands at the root
  // Whether a request's body may be one of files, by its route. Responder::wants_body says whether it is taken.
  bool takes_files(const Request& request) const;
  // What Limits::passed_on asks.
  bool passed_on(const Request& request) const;
};

// What one thread needs of its own.
struct Resources {
  std::unique_ptr<db::Database> database;    // null: for tests of routes that don't touch it
  std::unique_ptr<redis::Client> redis;      // null: sessions live in this process
  std::unique_ptr<ports::Cache> cache;       // null: there is none to be kept true
  std::unique_ptr<ports::Outside> outside{}; // null: all providers are native
  std::unique_ptr<Beside> beside{};          // null: nobody answers beside this server
};
using MakeResources = std::function<Resources(boost::asio::io_context&)>;

// For Server: a dispatcher for each thread. `site` must outlive the server.
MakeResponder dispatchers(Site& site, MakeResources make_resources);

} // namespace http
