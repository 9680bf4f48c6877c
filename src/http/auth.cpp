#include "http/auth.hpp"
#include "base/passwords.hpp"
#include "base/strings.hpp"
#include "base/tokens.hpp"
#include <arpa/inet.h>
#include <array>

namespace http {
namespace {

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

std::optional<base::Json> Authentication::bearer(const Request& request, std::string_view domain) const {
  const auto header = request.header("authorization");
  const auto blank = header.find(' ');
  if (blank == std::string_view::npos || !base::equal_ignoring_case(header.substr(0, blank), "bearer"))
    return std::nullopt;
  std::optional<base::Json> claims;
  for (const base::Mac& mac : jwt_)
    if (!claims) claims = base::verify_jwt(mac, base::trim(header.substr(blank)));
  if (!claims || !((*claims)["domain"] == base::Json(domain))) return std::nullopt;
  return claims;
}

Claims Authentication::claims(Person person, const Request& request, const Session& session) const {
  Claims claims(person);
  const auto members = members_of(person);
  claims.add(Claims::From::session, session.data, members);
  if (const auto token = bearer(request, person == Person::user ? "admin" : "store"))
    claims.add(Claims::From::token, *token, {members.id, base::kTokenMark});
  if (person == Person::user) claims.api_token_ = request.header("x-medusa-access-token");
  return claims;
}

void Claims::add(From from, const base::Json& data, const PersonMembers& members) {
  const auto& id = data[members.id];
  if (!id.is_string() || id.as_string().empty()) return;
  const auto& mark = data[members.mark];
  people_.push_back({from, id.as_string(), mark.is_string() ? std::optional(mark.as_string()) : std::nullopt});
}

db::Command Claims::query() const {
  static const db::Statement users(R"(SELECT id, password_hash FROM "user" WHERE id = ANY($1) AND deleted_at IS NULL)");
  static const db::Statement users_and_token(
      R"(SELECT id, password_hash, api_token FROM "user" WHERE (id = ANY($1) OR api_token = $2) AND deleted_at IS NULL)");
  static const db::Statement customers(
      "SELECT id, password_hash FROM customer WHERE id = ANY($1) AND deleted_at IS NULL");
  std::vector<std::string> ids;
  for (const auto& claim : people_) ids.push_back(claim.id);
  if (person_ == Person::customer) return {customers, db::Params::of(ids)};
  if (api_token_.empty()) return {users, db::Params::of(ids)};
  return {users_and_token, db::Params::of(ids, api_token_)};
}

std::optional<Claims::Holder> Claims::judge(const db::Result& rows) const {
  for (const auto& claim : people_)
    for (int row = 0; row < rows.rows(); row++) {
      if (rows.text(row, 0) != claim.id) continue;
      auto mark = base::password_mark(claim.id, rows.text(row, 1));
      if (!claim.mark || base::equal_in_constant_time(*claim.mark, mark))
        return Holder{claim.id, std::move(mark), !claim.mark && claim.from == From::session};
    }
  if (api_token_.empty()) return std::nullopt;
  for (int row = 0; row < rows.rows(); row++)
    if (base::equal_in_constant_time(rows.text(row, 2), api_token_))
      return Holder{std::string(rows.text(row, 0)), {}, false};
  return std::nullopt;
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
