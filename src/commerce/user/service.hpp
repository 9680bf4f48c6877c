// Admin users and their invitations. Owns the rows of "user" and invite. Called by the login and the endpoints of admins, by
// the seed and user commands; on the fiber of the request or command.
#pragma once
#include "base/json.hpp"
#include "base/passwords.hpp"
#include "ports/call.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::user {

struct NewUser {
  std::string email;
  std::optional<std::string> id{};   // made where missing
  std::optional<std::string> role{}; // "admin", "member" or "developer"; the table's default is "member"
  std::optional<std::string> first_name{}, last_name{}, api_token{};
  std::optional<std::string> password{}; // empty or missing: the user can't log in with a password
  base::Json metadata{};
};
// Returns the id. Throws invalid_data for an address that is none, and when there is such a user.
std::string create(ports::Call& call, const NewUser& user);

// The user whose password it is.
std::optional<base::Login> log_in(ports::Call& call, std::string_view email, std::string_view password);
// The user as clients see it; nullopt where there is none.
std::optional<base::Json> find(ports::Call& call, std::string_view id);

// What users may be, in the order in which 1.20 names them.
const std::vector<std::string_view>& roles();

// Tells the user of that address, by an event, a token for a new password. Does nothing where there is none, or none with
// a password.
void send_password_token(ports::Call& call, std::string_view email);
// Sets a password by such a token, which ends it: the user's id; nullopt for a token that is not good (any more). Without
// an email the token says whose it is. Throws invalid_data where nobody has the address.
std::optional<std::string> reset_password(ports::Call& call, std::string_view email, std::string_view token,
                                          std::string_view password);

// Forgets what the user lets the dashboard tell; with the flag analytics.
db::Command forget_analytics(std::string_view user_id);

// An invitation to become a user, valid for a week: the token to be handed over. An open invitation of that address is
// renewed. Throws invalid_data when there is such a user, and without a jwt_secret.
std::string invite(ports::Call& call, const std::string& email, const std::string& role);
// The same invitation with a new token, for another week. Throws invalid_data where there is none.
void resend_invite(ports::Call& call, std::string_view id);
// Makes a user of whom the token invites, once; email and role are the invitation's.
void accept_invite(ports::Call& call, std::string_view token, NewUser user);

} // namespace commerce::user
