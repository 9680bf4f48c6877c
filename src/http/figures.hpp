// What requests come to, in figures: how many each route has answered with which status, and how long that took.
// Owned by Site; counted by the dispatcher on any thread.
#pragma once
#include "base/metrics.hpp"
#include "http/http.hpp"
#include <chrono>
#include <cstddef>
#include <vector>

namespace http {

// Who answered what no route of this server did.
enum class Answerer { health, file, nobody, plugins };

class RequestFigures {
 public:
  // `routes` must outlive the figures.
  explicit RequestFigures(const Routes& routes);
  void add(const Route* route, Answerer otherwise, int status, std::chrono::nanoseconds duration) noexcept;

 private:
  const Routes& routes_;
  base::metrics::Counter requests_;
  base::metrics::Durations durations_;
};

} // namespace http
