// Signatures, tokens and passwords as Medusa 1.20 makes and checks them; secrets are compared in constant time.
// Owns: keyed contexts. Called by the dispatcher, by the login endpoints and by the commands that make users. Any
// thread; OpenSSL is seen by crypto.cpp only.
#pragma once
#include "base/json.hpp"
#include "config/config.hpp"
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace http {

// HMAC-SHA256 with one key: keyed once, copied for each message.
class Mac {
 public:
  explicit Mac(std::string_view key);
  Mac(Mac&&) noexcept;
  Mac& operator=(Mac&&) noexcept;
  ~Mac();
  std::string sign(std::string_view message) const; // 32 bytes

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string base64(std::string_view bytes);                          // with padding
std::string base64_url(std::string_view bytes);                      // without
std::optional<std::string> base64_url_decode(std::string_view text); // accepts both alphabets, with or without padding
std::string sha1(std::string_view bytes);                            // 20 bytes
std::string sha256(std::string_view bytes);                          // 32 bytes
std::string md5(std::string_view bytes);                             // 16 bytes
bool equal_in_constant_time(std::string_view a, std::string_view b);

// The npm module cookie-signature: "value.signature".
std::string sign_cookie(std::string_view value, const Mac& mac);
// The value when the signature is right.
std::optional<std::string> unsign_cookie(std::string_view signed_value, const Mac& mac);

// A JSON Web Token, HS256. `iat` and `exp` are appended to the claims; without a lifetime there is no `exp`.
std::string sign_jwt(const Mac& mac, base::Json claims, std::optional<std::chrono::seconds> lifetime);
std::string sign_jwt(std::string_view secret, base::Json claims, std::optional<std::chrono::seconds> lifetime);
// The claims when the signature is right and the time is within exp and nbf. HS256 only, whatever the header says.
std::optional<base::Json> verify_jwt(const Mac& mac, std::string_view token);
std::optional<base::Json> verify_jwt(std::string_view secret, std::string_view token);
// What a token says, whoever signed it and whenever: only for finding out whose secret it must be verified with.
std::optional<base::Json> read_jwt(std::string_view token);
// The same for tokens of this server's own: signed with the present jwt_secret or a former one.
std::optional<base::Json> verify_jwt(const config::Config& config, std::string_view token);

// Passwords: base64 of the 96 bytes of the scrypt file format, as 1.20 stores them in password_hash. Deriving a key takes
// tens of milliseconds, so it is done aside while the fiber waits. Throws `unavailable` when too many wait already.
std::string hash_password(std::string_view password);
// Whether it is the password behind that hash; a missing hash has none. A wrong guess costs the same whatever the hash is
// and whether there is one, so that the time tells nothing.
bool check_password(std::string_view password, const std::optional<std::string>& hash);
// A hash of the same password with today's parameters; nullopt where it has them. It keeps the salt, and with it the mark.
std::optional<std::string> stronger_hash(std::string_view password, std::string_view hash);
// Tells one password of somebody from the next without telling anything of it. Sessions and tokens carry the mark of the
// password that they were made with, and are refused once it is another; nothing more is stored.
std::string password_mark(std::string_view id, std::string_view hash);
inline constexpr std::string_view kTokenMark = "mark"; // the claim in which a token has it

} // namespace http
