// Making connections: libpq keywords from our options, and a thread that connects so that neither a slow resolver
// nor a TLS handshake holds an event loop. Internal to db.
// Owns: the connecting threads, for as long as an attempt lasts. Called on the loop's thread; calls back there.
#pragma once
#include "db/options.hpp"
#include <boost/asio/io_context.hpp>
#include <functional>
#include <libpq-fe.h>
#include <memory>
#include <string>

namespace db {

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Handle = std::unique_ptr<PGconn, Finish>;

struct Attempt {
  Handle connection;    // ready: with its settings, unless each transaction has to bring them
  std::string reason;   // where it is null
  std::string sqlstate; // where the server itself has refused
};

// Connects, finds out about a pooler where nobody has looked (Options::pooler), and applies the settings. Blocks.
Attempt connect(const Options& options);

// `sql` (a SELECT, with columns or without) and as many calls of set_config() behind it, of two parameters each.
enum class Scope { session, transaction };
std::string setting_sql(std::string sql, std::size_t count, Scope scope);
// Whether PostgreSQL can be told to (since 12).
bool can_plan_once(PGconn* connection);

// Cancels its attempts when destroyed: their callbacks are then never called.
class Connector {
 public:
  Connector(boost::asio::io_context& loop, Options options);
  ~Connector();
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;
  void connect(std::function<void(Attempt)> then);

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

} // namespace db
