// Who asks: by the session, a bearer token, or a user's API token, in 1.20's order, as far as the database says so at this
// moment: the person must be there, and the password the one with which the session or token was made. It is asked for each
// request (docs/decisions/0009-logins.md). Read-only after its making; called by the dispatcher on the request's fiber.
#pragma once
#include "base/digest.hpp"
#include "db/db.hpp"
#include "http/http.hpp"
#include "http/session.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace http {

// Who a request says that it comes from.
class Claims {
 public:
  bool empty() const { return people_.empty() && api_token_.empty(); }
  // Which can be guessed, unlike what is signed.
  bool has_api_token() const { return !api_token_.empty(); }

  // What to ask the database, and what follows from its answer: the first who is who they say.
  db::Command query() const;
  struct Holder {
    std::string id, mark;
    bool of_unmarked_session; // one that the real Medusa has made
  };
  std::optional<Holder> judge(const db::Result& rows) const;

 private:
  friend class Authentication;
  enum class From { session, token };
  struct Claim {
    From from;
    std::string id;
    std::optional<std::string> mark;
  };
  explicit Claims(Person person) : person_(person) {}
  void add(From from, const base::Json& data, const PersonMembers& members);

  Person person_;
  std::vector<Claim> people_;
  std::string api_token_;
};

class Authentication {
 public:
  explicit Authentication(const config::Config& config);

  // Medusa 1.20: admin-session, admin-bearer, admin-api-token; store-session, store-bearer.
  Claims claims(Person person, const Request& request, const Session& session) const;

 private:
  std::optional<base::Json> bearer(const Request& request, std::string_view domain) const;
  std::vector<base::Mac> jwt_; // the first signs, all verify
};

// The address of the client by the npm module request-ip's rules.
std::string client_address(const Request& request);
// Express' req.ip with one trusted proxy: the last entry of X-Forwarded-For, else the peer.
std::string_view nearest_address(const Request& request);

} // namespace http
