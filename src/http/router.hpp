// Routes by method and path. Built once at start, read-only afterwards; any thread.
#pragma once
#include "http/http.hpp"
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

// Whether a path lies in the part of the site that `prefix` ("/store") names, as Express' app.use compares.
bool lies_in(std::string_view path, std::string_view prefix);

class Router {
 public:
  // Throws std::logic_error that names every route given twice and every path that can't be.
  explicit Router(Routes routes);
  ~Router();
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  struct Match {
    const Route* route = nullptr; // null: no route has that method and path
    // The :names of the route with their parts of the path, as sent.
    std::vector<std::pair<std::string_view, std::string_view>> params;
  };
  // As Express: fixed parts compare without case, one slash at the end is overlooked, HEAD takes the routes of GET.
  // A fixed part goes before a :name.
  Match match(Method method, std::string_view path) const;
  const Routes& routes() const { return routes_; }

 private:
  struct Node;
  Routes routes_;
  std::unique_ptr<Node> root_;
};

} // namespace http
