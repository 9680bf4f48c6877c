// Which database the shop is in: the configured one, or the embedded server where nothing names one.
// Owns the embedded server's process while it lives. Made by commands on the main thread.
#pragma once
#include "config/config.hpp"
#include "db/embedded.hpp"
#include "db/options.hpp"
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace app {

// Whether the configuration or the environment says where the database is.
bool names_database(const config::Config& config);

class Backing {
 public:
  // Starts the embedded server where it is needed, and says so. A command that works beside a running server uses its
  // database: `beside_another`.
  explicit Backing(const config::Config& config, db::Embedding embedding = db::Embedding::alone);
  bool embedded() const { return server_ != nullptr; }
  // Connections for that many threads, with `others` kept back.
  db::Options options(int threads, int others = 0) const { return options(config_, threads, others); }
  // The same with another configuration of that database: the one that fits with what stands before it.
  db::Options options(const config::Config& config, int threads, int others) const;
  // What stands before PostgreSQL, once a connection has been made.
  db::Pooling pooling() const { return pooler_->pooling(); }
  // Called when a child process has ended: starts the embedded server again if it was that. False when it can't be kept
  // running, which the log explains; `stop_wanted` ends the attempts.
  bool keep_running(const std::function<bool()>& stop_wanted);

 private:
  const config::Config& config_;
  std::unique_ptr<db::EmbeddedServer> server_;
  std::shared_ptr<db::Pooler> pooler_;
  std::vector<std::chrono::steady_clock::time_point> restarts_; // of the last minute
};

} // namespace app
