// Passwords as Medusa 1.20 stores and checks them. Owns nothing. Called by whoever sets a password or lets somebody log in, on
// the fiber of the request; password_mark on any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace base {

// A hash is base64 of the 96 bytes of the scrypt file format, as 1.20 stores them in password_hash. Deriving a key takes
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

// Somebody who has shown a password, and the mark of that password.
struct Login {
  std::string id, mark;
};

} // namespace base
