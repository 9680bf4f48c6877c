#include "http/router.hpp"
#include "base/strings.hpp"
#include <array>
#include <stdexcept>

namespace http {
namespace {
constexpr std::size_t kMethods = static_cast<std::size_t>(Method::other) + 1;
}

bool lies_in(std::string_view path, std::string_view prefix) {
  return path.size() >= prefix.size() && base::equal_ignoring_case(path.substr(0, prefix.size()), prefix) &&
         (path.size() == prefix.size() || path[prefix.size()] == '/');
}

struct Router::Node {
  base::StringMap<std::unique_ptr<Node>> fixed; // by the part in lower case
  std::unique_ptr<Node> named;
  std::array<const Route*, kMethods> routes{};

  // The parts of `path` from here on; `values` collects those that stand for names.
  const Route* find(Method method, std::string_view path, std::vector<std::string_view>& values) const {
    if (path.empty() || path == "/") return routes[static_cast<std::size_t>(method)];
    path.remove_prefix(1);
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    const auto rest = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
    if (part.empty()) return nullptr;
    auto child = fixed.find(part);
    if (child == fixed.end()) child = fixed.find(base::lower(part));
    if (child != fixed.end())
      if (const Route* route = child->second->find(method, rest, values)) return route;
    if (!named) return nullptr;
    values.push_back(part);
    if (const Route* route = named->find(method, rest, values)) return route;
    values.pop_back();
    return nullptr;
  }
};

Router::Router(Routes routes) : routes_(std::move(routes)), root_(std::make_unique<Node>()) {
  std::string faults;
  for (const auto& route : routes_) {
    const std::string name = std::string(method_name(route.method)) + " " + std::string(route.path);
    if (!route.path.starts_with('/') || !route.handler || (route.path.size() > 1 && route.path.ends_with('/'))) {
      faults += "\n  " + name + " has no handler, or its path does not start with / or ends with it";
      continue;
    }
    Node* node = root_.get();
    if (route.path != "/") {
      for (const auto& part : base::split(route.path.substr(1), '/')) {
        auto& child = part.starts_with(':') ? node->named : node->fixed[base::lower(part)];
        if (!child) child = std::make_unique<Node>();
        node = child.get();
      }
    }
    auto& place = node->routes[static_cast<std::size_t>(route.method)];
    if (place) faults += "\n  " + name + " is given twice (as " + std::string(place->path) + ")";
    place = &route;
  }
  if (!faults.empty()) throw std::logic_error("routes:" + faults);
}

Router::~Router() = default;

Router::Match Router::match(Method method, std::string_view path) const {
  std::vector<std::string_view> values;
  Match match;
  match.route = root_->find(method, path, values);
  if (!match.route && method == Method::head) {
    values.clear();
    match.route = root_->find(Method::get, path, values);
  }
  if (!match.route || values.empty()) return match;
  std::size_t next = 0;
  for (std::string_view rest = match.route->path; !rest.empty();) {
    rest.remove_prefix(1);
    const auto part = rest.substr(0, rest.find('/'));
    if (part.starts_with(':')) match.params.emplace_back(part.substr(1), values[next++]);
    rest.remove_prefix(part.size());
  }
  return match;
}

} // namespace http
