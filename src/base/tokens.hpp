// JSON Web Tokens as Medusa 1.20 makes and checks them (HS256). Owns nothing. Called by whoever hands out tokens or is shown
// one; any thread.
#pragma once
#include "base/digest.hpp"
#include "base/json.hpp"
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

// `iat` and `exp` are appended to the claims; without a lifetime there is no `exp`.
std::string sign_jwt(const Mac& mac, Json claims, std::optional<std::chrono::seconds> lifetime);
std::string sign_jwt(std::string_view secret, Json claims, std::optional<std::chrono::seconds> lifetime);
// The claims when the signature is right and the time is within exp and nbf. HS256 only, whatever the header says.
std::optional<Json> verify_jwt(const Mac& mac, std::string_view token);
std::optional<Json> verify_jwt(std::string_view secret, std::string_view token);
// The same for a secret that others came before: tokens that were signed with one of those are good, too.
std::optional<Json> verify_jwt(std::string_view secret, const std::vector<std::string>& former, std::string_view token);
// What a token says, whoever signed it and whenever: only for finding out whose secret it must be verified with.
std::optional<Json> read_jwt(std::string_view token);

} // namespace base
