#include "commerce/user/service.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "base/time.hpp"
#include "config/config.hpp"
#include "http/crypto.hpp"
#include "http/rules.hpp"
#include "query/query.hpp"
#include "query/write.hpp"

namespace commerce::user {
namespace {

constexpr std::chrono::hours kInvitationLifetime{24 * 7};

// Medusa 1.20: validateEmail.
std::string checked_email(const std::string& email) {
  static const http::Rules rules{{{"email", http::Is::email}}};
  base::Json value = base::JsonObject{{"email", email}};
  if (!http::check(rules, value).empty()) throw base::Error::invalid_data("The email is not valid");
  return base::lower(email);
}

const db::Statement& user_of_email() {
  static const db::Statement statement(
      "SELECT id, password_hash FROM \"user\" WHERE email = $1 AND deleted_at IS NULL");
  return statement;
}

} // namespace

// Medusa 1.20: UserService.create
std::string create(ports::Call& call, const NewUser& user) {
  // 1. Check the address and bring it to lower case.
  const auto email = checked_email(user.email);
  // 2. Hash the password.
  base::Json row = base::JsonObject{{"email", email}};
  if (user.password && !user.password->empty()) row.set("password_hash", http::hash_password(*user.password));
  const auto set = [&](std::string_view name, const std::optional<std::string>& value) {
    if (value) row.set(name, *value);
  };
  set("id", user.id);
  set("role", user.role);
  set("first_name", user.first_name);
  set("last_name", user.last_name);
  set("api_token", user.api_token);
  if (!user.metadata.is_nullish()) row.set("metadata", user.metadata);
  return call.atomic([&] {
    // 3. Refuse an address that is taken.
    if (!call.db().run(user_of_email(), db::Params::of(email)).empty())
      throw base::Error::invalid_data("A user with the same email already exists.");
    // 4. Insert, and tell.
    call.write_last(query::insert(schema::get("User"), row));
    const std::string id = row["id"].as_string();
    call.emit("user.created", base::JsonObject{{"id", id}});
    return id;
  });
}

// Medusa 1.20: AuthService.authenticate
std::optional<std::string> id_by_password(ports::Call& call, std::string_view email, std::string_view password) {
  const auto found = call.db().run(user_of_email(), db::Params::of(base::lower(email)));
  if (found.empty() || found.is_null(0, 1) || !http::verify_password(password, found.text(0, 1))) return std::nullopt;
  return std::string(found.text(0, 0));
}

// Medusa 1.20: AuthService.authenticateAPIToken
std::optional<std::string> id_by_api_token(ports::Call& call, std::string_view token) {
  static const db::Statement statement("SELECT id, api_token FROM \"user\" WHERE api_token = $1 AND deleted_at IS NULL");
  if (token.empty()) return std::nullopt;
  const auto found = call.db().run(statement, db::Params::of(token));
  if (found.empty()) return std::nullopt;
  return std::string(found.text(0, 0));
}

std::optional<base::Json> find(ports::Call& call, std::string_view id) {
  const auto tree = query::read(call.db(), call.flags, {.entity = &schema::get("User"),
                                                        .where = {{"id", query::Operator::equal, {std::string(id)}}}});
  if (const auto row = tree.first()) return query::row_value(*row);
  return std::nullopt;
}

// Medusa 1.20: InviteService.create
std::string invite(ports::Call& call, const std::string& email, const std::string& role) {
  const auto& secret = call.config.jwt_secret;
  if (secret.empty()) throw base::Error::invalid_data("Please configure jwt_secret");
  return call.atomic([&] {
    static const db::Statement invitation(
        "SELECT id, accepted FROM invite WHERE user_email = $1 AND deleted_at IS NULL FOR UPDATE");
    // 1. Refuse who is a user already.
    // Quirk: addresses are compared as given here, without regard to the lower case that users have.
    const auto found = call.db().batch({{user_of_email(), db::Params::of(email)}, {invitation, db::Params::of(email)}});
    if (!found[0].empty()) throw base::Error::invalid_data("Can't invite a user with an existing account");
    // 2. A new invitation, or the one there is: with another role as long as it has not been accepted.
    const auto& entity = schema::get("Invite");
    base::Json row = base::JsonObject{{"expires_at", base::iso_time(base::now() + kInvitationLifetime)}};
    const bool known = !found[1].empty();
    const std::string id = known ? std::string(found[1].text(0, 0)) : base::make_id(entity.prefix);
    if (!known) row.set("user_email", email);
    if (!known || !found[1].boolean(0, 1)) row.set("role", role);
    // 3. The token says which invitation it is.
    const auto token = http::sign_jwt(
        secret, base::JsonObject{{"invite_id", id}, {"role", role}, {"user_email", email}}, std::nullopt);
    row.set("token", token);
    if (!known) row.set("id", id);
    call.write_last(known ? query::update(entity, id, row) : query::insert(entity, row));
    call.emit("invite.created", base::JsonObject{{"id", id}, {"token", token}, {"user_email", email}});
    return token;
  });
}

} // namespace commerce::user
