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
  Handle connection;    // ready: session settings applied
  std::string reason;   // where it is null
  std::string sqlstate; // where the server itself has refused
};

// Connects and applies the session settings, then `setup` (SQL). Blocks.
Attempt connect(const Options& options, const std::string& setup = {});

// Cancels its attempts when destroyed: their callbacks are then never called.
class Connector {
 public:
  Connector(boost::asio::io_context& loop, Options options, std::string setup = {});
  ~Connector();
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;
  void connect(std::function<void(Attempt)> then);

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

} // namespace db
