// Logins in URLs: whether a URL's own signs cut one, and what of a URL may be shown. Owns nothing. Called by the rooms that
// read URLs (db, redis) and by masking; any thread.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace config {

// What a message about a URL that can't be read ends with: the text itself may be a part of a password.
inline constexpr std::string_view kEncodeLogins =
    "in a user or a password percent-encode what means something in a URL: @ as %40, : as %3A, / as %2F, ? as %3F, # as "
    "%23, % as %25";

// Whether an @ stands behind the first / ? or # of what follows the scheme, where none belongs. Then what stands before
// that sign is no host but the beginning of a login, and must neither be shown nor asked for. `options` are the names
// behind the question mark whose values may hold an @.
bool cuts_login(std::string_view behind_scheme, std::span<const std::string_view> options);

// "postgres://***@host:5432/shop?***": whoever asks wants to know which server it is.
std::string covered_url(std::string_view url);

// A message of somebody else's, with "***" for the logins of all URLs in it.
std::string without_logins(std::string_view text);

} // namespace config
