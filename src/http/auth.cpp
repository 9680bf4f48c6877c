#include "http/auth.hpp"
#include "base/strings.hpp"
#include <arpa/inet.h>
#include <array>

namespace http {
namespace {

// The id that a session or a token holds under that name.
std::optional<std::string> id_in(const base::Json& data, std::string_view name) {
  const auto& id = data[name];
  if (!id.is_string() || id.as_string().empty()) return std::nullopt;
  return id.as_string();
}

bool is_address(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN) return false;
  char copy[INET6_ADDRSTRLEN] = {};
  text.copy(copy, text.size());
  unsigned char bytes[16];
  return inet_pton(AF_INET, copy, bytes) == 1 || inet_pton(AF_INET6, copy, bytes) == 1;
}

// The first entry that is an address; an IPv4 entry may carry a port.
std::string_view first_address(std::string_view list) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto entry = base::trim(list.substr(0, comma));
    if (const auto colon = entry.find(':');
        colon != std::string_view::npos && entry.find(':', colon + 1) == std::string_view::npos)
      entry = entry.substr(0, colon);
    if (is_address(entry)) return entry;
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return {};
}

} // namespace

Authentication::Authentication(const config::Config& config) {
  jwt_.emplace_back(config.jwt_secret);
  for (const std::string& secret : config.former_jwt_secrets) jwt_.emplace_back(secret);
}

std::optional<std::string> Authentication::bearer(const Request& request, std::string_view domain,
                                                  std::string_view claim) const {
  const auto header = request.header("authorization");
  const auto blank = header.find(' ');
  if (blank == std::string_view::npos || !base::equal_ignoring_case(header.substr(0, blank), "bearer"))
    return std::nullopt;
  std::optional<base::Json> claims;
  for (const Mac& mac : jwt_)
    if (!claims) claims = verify_jwt(mac, base::trim(header.substr(blank)));
  if (!claims || !((*claims)["domain"] == base::Json(domain))) return std::nullopt;
  return id_in(*claims, claim);
}

std::optional<std::string> Authentication::user(const Request& request, const Session& session,
                                                ports::Call& call) const {
  if (auto id = id_in(session.data, "user_id")) return id;
  if (auto id = bearer(request, "admin", "user_id")) return id;
  const auto token = request.header("x-medusa-access-token");
  if (token.empty()) return std::nullopt;
  static const db::Statement by_token(R"(SELECT id FROM "user" WHERE api_token = $1 AND deleted_at IS NULL LIMIT 1)");
  const auto rows = call.db().run(by_token, db::Params::of(token));
  if (rows.empty()) return std::nullopt;
  return std::string(rows.text(0, 0));
}

std::optional<std::string> Authentication::customer(const Request& request, const Session& session) const {
  if (auto id = id_in(session.data, "customer_id")) return id;
  return bearer(request, "store", "customer_id");
}

std::string client_address(const Request& request) {
  constexpr std::array<std::string_view, 9> kHeaders{"x-client-ip",         "x-forwarded-for", "cf-connecting-ip",
                                                     "fastly-client-ip",    "true-client-ip",  "x-real-ip",
                                                     "x-cluster-client-ip", "x-forwarded",     "forwarded-for"};
  for (const auto name : kHeaders)
    if (const auto value = request.header(name); !value.empty()) {
      const auto address = name == "x-forwarded-for" ? first_address(value)
                           : is_address(value)       ? value
                                                     : std::string_view();
      if (!address.empty()) return std::string(address);
    }
  return request.remote_address;
}

std::string_view nearest_address(const Request& request) {
  const auto forwarded = request.header("x-forwarded-for");
  if (forwarded.empty()) return request.remote_address;
  return base::trim(forwarded.substr(forwarded.rfind(',') + 1));
}

} // namespace http
