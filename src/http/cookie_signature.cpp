#include "http/cookie_signature.hpp"

namespace http {

std::string sign_cookie(std::string_view value, const base::Mac& mac) {
  std::string signature = base::base64(mac.sign(value));
  while (!signature.empty() && signature.back() == '=') signature.pop_back();
  return std::string(value) + "." + signature;
}

std::optional<std::string> unsign_cookie(std::string_view signed_value, const base::Mac& mac) {
  const auto dot = signed_value.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto value = signed_value.substr(0, dot);
  if (!base::equal_in_constant_time(sign_cookie(value, mac), signed_value)) return std::nullopt;
  return std::string(value);
}

} // namespace http
