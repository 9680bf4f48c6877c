// Logging in with a password, the same for users and customers. Called by both, on the fiber of the request.
#pragma once
#include "base/passwords.hpp"
#include "ports/call.hpp"
#include <optional>
#include <string_view>

namespace commerce {

// Whose password it is: `found` is a row (id, password_hash), or none. Where 1.20 has stored the hash, which is next to no
// obstacle to a guesser, `strengthen` replaces it: $1 is the new hash, $2 the id, $3 the old one.
std::optional<base::Login> log_in(ports::Call& call, const db::Result& found, std::string_view password,
                                  const db::Statement& strengthen);

} // namespace commerce
