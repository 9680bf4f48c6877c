#include "commerce/user/service.hpp"
#include "base/email.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "base/time.hpp"
#include "base/tokens.hpp"
#include "commerce/passwords.hpp"
#include "config/config.hpp"
#include "db/batch.hpp"
#include "query/query.hpp"
#include "query/write.hpp"

namespace commerce::user {
namespace {

constexpr std::chrono::hours kInvitationLifetime{24 * 7};
constexpr std::chrono::minutes kPasswordTokenLifetime{15};

// Medusa 1.20: validateEmail.
std::string checked_email(const std::string& email) {
  if (!base::is_email(email)) throw base::Error::invalid_data("The email is not valid");
  return base::lower(email);
}

const db::Statement& user_of_email() {
  static const db::Statement statement(
      "SELECT id, password_hash FROM \"user\" WHERE email = $1 AND deleted_at IS NULL");
  return statement;
}

// What invitations are signed with.
const std::string& invitation_secret(const ports::Call& call) {
  const auto& secret = call.config.jwt_secret;
  if (secret.empty()) throw base::Error::invalid_data("Please configure jwt_secret");
  return secret;
}

// A token that says which invitation it is, and until when the invitation is good.
base::Json signed_invitation(const ports::Call& call, std::string_view id, const base::Json& role,
                             std::string_view email) {
  return base::JsonObject{
      {"expires_at", base::iso_time(base::now() + kInvitationLifetime)},
      {"token",
       base::sign_jwt(invitation_secret(call),
                      base::JsonObject{{"invite_id", id}, {"role", role}, {"user_email", email}}, std::nullopt)}};
}

void tell_invited(ports::Call& call, std::string_view id, const base::Json& token, std::string_view email) {
  call.emit("invite.created", base::JsonObject{{"id", id}, {"token", token}, {"user_email", email}});
}

} // namespace

const std::vector<std::string_view>& roles() {
  static const std::vector<std::string_view> all{"admin", "member", "developer"};
  return all;
}

// Medusa 1.20: UserService.create
std::string create(ports::Call& call, const NewUser& user) {
  // 1. Check the address and bring it to lower case.
  const auto email = checked_email(user.email);
  // 2. Hash the password.
  base::Json row = base::JsonObject{{"email", email}};
  if (user.password && !user.password->empty()) row.set("password_hash", base::hash_password(*user.password));
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
    std::string id = row["id"].as_string();
    call.emit("user.created", base::JsonObject{{"id", id}});
    return id;
  });
}

// Medusa 1.20: AuthService.authenticate
std::optional<base::Login> log_in(ports::Call& call, std::string_view email, std::string_view password) {
  static const db::Statement strengthen("UPDATE \"user\" SET password_hash = $1 WHERE id = $2 AND password_hash = $3");
  return commerce::log_in(call, call.db().run(user_of_email(), db::Params::of(base::lower(email))), password,
                          strengthen);
}

std::optional<base::Json> find(ports::Call& call, std::string_view id) {
  const auto tree =
      query::read(call.db(), call.flags,
                  {.entity = &schema::get("User"), .where = {{"id", query::Operator::equal, {std::string(id)}}}});
  if (const auto row = tree.first()) return query::row_value(*row);
  return std::nullopt;
}

// Medusa 1.20: UserService.generateResetPasswordToken
void send_password_token(ports::Call& call, std::string_view email) {
  const auto address = base::lower(email);
  const auto found = call.db().run(user_of_email(), db::Params::of(address));
  if (found.empty() || found.is_null(0, 1)) return; // 1.20 fails where there is no hash to sign with
  // Signed with the hash of the old password: the token ends with it.
  const auto token = base::sign_jwt(
      found.text(0, 1), base::JsonObject{{"user_id", found.text(0, 0)}, {"email", address}}, kPasswordTokenLifetime);
  call.emit("user.password_reset", base::JsonObject{{"email", address}, {"token", token}});
}

// Medusa 1.20: admin/users/reset-password
std::optional<std::string> reset_password(ports::Call& call, std::string_view email, std::string_view token,
                                          std::string_view password) {
  // 1. Whose it is.
  const auto said = base::read_jwt(token);
  if (!said) throw base::Error::invalid_data("invalid token");
  std::string address(email);
  if (address.empty() && (*said)["email"].is_string()) address = (*said)["email"].as_string();
  return call.atomic([&]() -> std::optional<std::string> {
    static const db::Statement statement(
        "SELECT id, password_hash FROM \"user\" WHERE email = $1 AND deleted_at IS NULL FOR UPDATE");
    const auto found = call.db().run(statement, db::Params::of(base::lower(address)));
    if (found.empty()) throw base::Error::invalid_data("invalid token");
    // 2. Verify it with the password that it replaces. 1.20 answers 500 where that fails.
    if (found.is_null(0, 1)) return std::nullopt;
    const std::string id(found.text(0, 0));
    const auto claims = base::verify_jwt(found.text(0, 1), token);
    if (!claims || !((*claims)["user_id"] == base::Json(id))) return std::nullopt;
    // 3. Hash and store.
    call.write_last(
        query::update(schema::get("User"), id, base::JsonObject{{"password_hash", base::hash_password(password)}}));
    return id;
  });
}

// Medusa 1.20: InviteService.create
std::string invite(ports::Call& call, const std::string& email, const std::string& role) {
  invitation_secret(call);
  return call.atomic([&] {
    static const db::Statement invitation(
        "SELECT id, accepted FROM invite WHERE user_email = $1 AND deleted_at IS NULL FOR UPDATE");
    // 1. Refuse who is a user already.
    // Quirk: addresses are compared as given here, without regard to the lower case that users have.
    db::Batch batch;
    const auto user = batch.add({user_of_email(), db::Params::of(email)});
    const auto open = batch.add({invitation, db::Params::of(email)});
    batch.run(call.db());
    if (!user->empty()) throw base::Error::invalid_data("Can't invite a user with an existing account");
    // 2. A new invitation, or the one there is: with another role as long as it has not been accepted.
    const auto& entity = schema::get("Invite");
    const bool known = !open->empty();
    const std::string id = known ? std::string(open->text(0, 0)) : base::make_id(entity.prefix);
    auto row = signed_invitation(call, id, role, email);
    std::string token = row["token"].as_string();
    if (!known) row.set("user_email", email);
    if (!known || !open->boolean(0, 1)) row.set("role", role);
    if (!known) row.set("id", id);
    call.write_last(known ? query::update(entity, id, row) : query::insert(entity, row));
    tell_invited(call, id, token, email);
    return token;
  });
}

// Medusa 1.20: InviteService.resend
void resend_invite(ports::Call& call, std::string_view id) {
  call.atomic([&] {
    static const db::Statement statement(
        "SELECT role, user_email FROM invite WHERE id = $1 AND deleted_at IS NULL FOR UPDATE");
    const auto found = call.db().run(statement, db::Params::of(id));
    if (found.empty()) throw base::Error::invalid_data("Invite doesn't exist");
    const auto changes = signed_invitation(call, id, found.optional_text(0, 0), found.text(0, 1));
    call.write_last(query::update(schema::get("Invite"), id, changes));
    tell_invited(call, id, changes["token"], found.text(0, 1));
  });
}

// Medusa 1.20: InviteService.accept
void accept_invite(ports::Call& call, std::string_view token, NewUser user) {
  const auto claims = base::verify_jwt(call.config.jwt_secret, call.config.former_jwt_secrets, token);
  if (!claims) throw base::Error::invalid_data("Token is not valid");
  const auto& id = (*claims)["invite_id"];
  const auto& email = (*claims)["user_email"];
  if (!id.is_string() || !email.is_string()) throw base::Error::invalid_data("Invalid invite");
  call.atomic([&] {
    // 1. The invitation. Of two who accept it at once one waits here, and then finds it used.
    static const db::Statement invitation("SELECT user_email, role, expires_at > now() FROM invite WHERE id = $1 AND "
                                          "deleted_at IS NULL FOR UPDATE");
    db::Batch batch;
    const auto invited = batch.add({invitation, db::Params::of(id.as_string())});
    const auto known = batch.add({user_of_email(), db::Params::of(base::lower(email.as_string()))});
    batch.run(call.db());
    if (invited->empty() || invited->text(0, 0) != email.as_string() || !invited->boolean(0, 2))
      throw base::Error::invalid_data("Invalid invite");
    // 2. The address must be free.
    if (!known->empty()) throw base::Error::invalid_data("User already joined");
    // 3. The user, instead of the invitation.
    user.email = email.as_string();
    user.role = invited->optional_text(0, 1);
    create(call, user);
    call.write_last(query::erase_where(schema::get("Invite"), "id", {id.as_string()}));
  });
}

} // namespace commerce::user
