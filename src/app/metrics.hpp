// This server's figures for Prometheus, at a port of their own (STHENO_METRICS).
// Owns: the listener's thread with a connection to the database for what only that knows, and the figures of the process.
// Made by serve() on the main thread, before the server of the shop, and ended behind it.
#pragma once
#include "config/config.hpp"
#include "db/options.hpp"
#include "http/dispatcher.hpp"
#include "plugins/child.hpp"
#include <memory>
#include <optional>
#include <string>

namespace app {

// As it is set; empty: nothing is.
std::string metrics_setting(const config::Config& config);

struct MetricsPlace {
  std::string host;
  unsigned short port = 0;
};
// nullopt where nothing is set, or what is no place.
std::optional<MetricsPlace> metrics_place(const config::Config& config);

class Metrics {
 public:
  // `site` and the child, where there is one, must outlive it.
  Metrics(const MetricsPlace& place, const db::Options& database, const http::Site& site, const plugins::Child* child);
  ~Metrics(); // stops
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace app
