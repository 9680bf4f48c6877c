// Cross-origin rules as the npm module cors applies them with 1.20's lists. Read-only after its making; any thread.
#pragma once
#include "config/config.hpp"
#include "http/http.hpp"
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace http {

// What is wrong with a pattern; nullopt for a sound one, and for a literal.
std::optional<std::string> pattern_fault(const config::Origin& origin);

class Cors {
 public:
  // Throws config::ConfigError for a pattern that is broken.
  explicit Cors(const config::Origins& origins);
  ~Cors();
  Cors(Cors&&) noexcept;

  bool allows(std::string_view origin) const;
  // Sets the headers. A preflight (any OPTIONS) is answered whole: then true is returned.
  bool apply(const Request& request, Response& response) const;

 private:
  struct Entry;
  std::vector<Entry> entries_;
};

} // namespace http
