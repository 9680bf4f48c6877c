// Who asks: by the session, a bearer token, or a user's API token, in 1.20's order. Read-only after its making.
#pragma once
#include "http/crypto.hpp"
#include "http/http.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace http {

class Authentication {
 public:
  explicit Authentication(const config::Config& config);

  // Medusa 1.20: admin-session, admin-bearer, admin-api-token.
  std::optional<std::string> user(const Request& request, const Session& session, ports::Call& call) const;
  // Medusa 1.20: store-session, store-bearer.
  std::optional<std::string> customer(const Request& request, const Session& session) const;

 private:
  std::optional<std::string> bearer(const Request& request, std::string_view domain, std::string_view claim) const;
  std::vector<Mac> jwt_; // the first signs, all verify
};

// The address of the client by the npm module request-ip's rules.
std::string client_address(const Request& request);
// Express' req.ip with one trusted proxy: the last entry of X-Forwarded-For, else the peer.
std::string_view nearest_address(const Request& request);

} // namespace http
