#include "http/figures.hpp"
#include <array>

namespace http {
namespace {

using base::metrics::label;

// Those that routes answer with, and one row for all others.
constexpr std::array<int, 16> kStatuses{200, 204, 206, 301, 304, 400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503};
constexpr std::size_t kStatusesEach = kStatuses.size() + 1;

constexpr std::array<std::string_view, 4> kAnswerers{"health", "file", "none", "plugins"};

std::size_t place_of(int status) {
  std::size_t at = 0;
  while (at < kStatuses.size() && kStatuses[at] != status) at++;
  return at;
}

// By route; those that stand for none come last, with an empty method.
std::vector<std::string> names_of(const Routes& routes) {
  std::vector<std::string> names;
  for (const Route& route : routes)
    names.push_back(label("method", method_name(route.method)) + "," + label("route", route.path));
  for (const auto answerer : kAnswerers) names.push_back(label("method", "") + "," + label("route", answerer));
  return names;
}

std::vector<std::string> with_statuses(const std::vector<std::string>& names) {
  std::vector<std::string> all;
  for (const std::string& name : names) {
    for (const int status : kStatuses) all.push_back(name + "," + label("status", std::to_string(status)));
    all.push_back(name + "," + label("status", "other"));
  }
  return all;
}

} // namespace

RequestFigures::RequestFigures(const Routes& routes)
    : routes_(routes),
      requests_({"stheno_http_requests_total", "Requests by the route that answered them and the status."},
                with_statuses(names_of(routes)), base::metrics::Unused::left_out),
      durations_({"stheno_http_request_duration_seconds",
                  "Time from a request's last byte to its answer being ready to be written, by route."},
                 names_of(routes)) {}

void RequestFigures::add(const Route* route, Answerer otherwise, int status,
                         std::chrono::nanoseconds duration) noexcept {
  const std::size_t row =
      route ? static_cast<std::size_t>(route - routes_.data()) : routes_.size() + static_cast<std::size_t>(otherwise);
  requests_.add(row * kStatusesEach + place_of(status));
  durations_.add(row, duration);
}

} // namespace http
