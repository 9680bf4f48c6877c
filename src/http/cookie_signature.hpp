// The npm module cookie-signature: "value.signature". Owns nothing. Called by the sessions; any thread.
#pragma once
#include "base/digest.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace http {

std::string sign_cookie(std::string_view value, const base::Mac& mac);
// The value when the signature is right.
std::optional<std::string> unsign_cookie(std::string_view signed_value, const base::Mac& mac);

} // namespace http
