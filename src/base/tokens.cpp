#include "base/tokens.hpp"
#include "base/time.hpp"

namespace base {
namespace {

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(base::now().time_since_epoch()).count();
}

} // namespace

std::string sign_jwt(const Mac& mac, Json claims, std::optional<std::chrono::seconds> lifetime) {
  static const std::string header = base64_url(R"({"alg":"HS256","typ":"JWT"})");
  const auto now = seconds_now();
  if (!claims.has("iat")) claims.set("iat", now);
  if (lifetime) claims.set("exp", now + static_cast<std::int64_t>(lifetime->count()));
  const std::string text = header + "." + base64_url(claims.dump());
  return text + "." + base64_url(mac.sign(text));
}
std::string sign_jwt(std::string_view secret, Json claims, std::optional<std::chrono::seconds> lifetime) {
  return sign_jwt(Mac(secret), std::move(claims), lifetime);
}

std::optional<Json> read_jwt(std::string_view token) {
  const auto first = token.find('.'), last = token.rfind('.');
  if (first == std::string_view::npos || first == last || token.find('.', first + 1) != last) return std::nullopt;
  const auto header = base64_url_decode(token.substr(0, first));
  const auto payload = base64_url_decode(token.substr(first + 1, last - first - 1));
  if (!header || !payload) return std::nullopt;
  try {
    if (!(parse_json(*header)["alg"] == Json("HS256"))) return std::nullopt;
    auto claims = parse_json(*payload);
    if (!claims.is_object()) return std::nullopt;
    return claims;
  } catch (const JsonParseError&) {
    return std::nullopt;
  }
}

std::optional<Json> verify_jwt(const Mac& mac, std::string_view token) {
  const auto last = token.rfind('.');
  if (last == std::string_view::npos) return std::nullopt;
  const auto signature = base64_url_decode(token.substr(last + 1));
  if (!signature || !equal_in_constant_time(*signature, mac.sign(token.substr(0, last)))) return std::nullopt;
  auto claims = read_jwt(token);
  if (!claims) return std::nullopt;
  const auto now = static_cast<double>(seconds_now());
  if (const auto& expires = (*claims)["exp"]; !expires.is_undefined())
    if (!expires.is_number() || now >= expires.as_number()) return std::nullopt;
  if (const auto& starts = (*claims)["nbf"]; !starts.is_undefined())
    if (!starts.is_number() || now < starts.as_number()) return std::nullopt;
  return claims;
}
std::optional<Json> verify_jwt(std::string_view secret, std::string_view token) {
  return verify_jwt(Mac(secret), token);
}

std::optional<Json> verify_jwt(std::string_view secret, const std::vector<std::string>& former,
                               std::string_view token) {
  auto claims = verify_jwt(secret, token);
  for (const std::string& other : former)
    if (!claims) claims = verify_jwt(other, token);
  return claims;
}

} // namespace base
