#include "commerce/auth/routes.hpp"
#include "base/error.hpp"
#include "base/tokens.hpp"
#include "commerce/customer/service.hpp"
#include "commerce/user/service.hpp"
#include "config/config.hpp"
#include "http/errors.hpp"
#include "http/resource.hpp"
#include "query/query.hpp"

namespace commerce::auth {
namespace {

using http::Context;

constexpr std::chrono::hours kCustomerTokenLifetime{24 * 30}, kUserTokenLifetime{24};

void log_out(Context& context, http::Person person, const std::optional<std::string>& id) {
  context.session.log_out(person, id);
  http::answer_status(200, context.response);
}

const std::string& jwt_secret(const Context& context) {
  const auto& secret = context.call.config.jwt_secret;
  if (secret.empty()) throw base::Error::not_found("Please configure jwt_secret in your environment");
  return secret;
}

void answer_token(Context& context, base::Json claims, const base::Login& login, std::chrono::seconds lifetime) {
  claims.set(base::kTokenMark, login.mark);
  context.json(base::JsonObject{{"access_token", base::sign_jwt(jwt_secret(context), std::move(claims), lifetime)}});
}

// --- customers -----------------------------------------------------------------------------------------------------

const http::Rules kCustomerCredentials{
    {{"email", http::Is::email}, {"password", http::Is::any, http::Presence::not_empty}}};

std::optional<base::Login> customer_of(const Context& context) {
  const auto& password = context.body()["password"];
  if (!password.is_string()) return std::nullopt; // 1.20 lets it pass the rules, and fails to compare it
  return customer::log_in(context.call, context.body()["email"].as_string(), password.as_string());
}

void answer_customer(Context& context, std::string_view id) {
  static const auto selection = query::select({}, {"orders", "orders.items", "shipping_addresses"});
  context.json(http::one_json("customer", *customer::retrieve(context.call, id, selection).first()));
}

void log_customer_in(Context& context) {
  const auto login = customer_of(context);
  if (!login) return http::answer_status(401, context.response);
  context.session.log_in(http::Person::customer, *login);
  answer_customer(context, login->id);
}

void customer_token(Context& context) {
  jwt_secret(context);
  const auto login = customer_of(context);
  if (!login) return http::answer_status(401, context.response);
  answer_token(context, base::JsonObject{{"customer_id", login->id}, {"domain", "store"}}, *login,
               kCustomerTokenLifetime);
}

void show_customer(Context& context) { answer_customer(context, *context.call.identity.customer_id); }

void log_customer_out(Context& context) { log_out(context, http::Person::customer, context.call.identity.customer_id); }

void customer_exists(Context& context) {
  const bool exists = customer::registered(context.call, context.param("email")).has_value();
  context.json(base::JsonObject{{"exists", exists}});
}

// --- admins --------------------------------------------------------------------------------------------------------

const http::Rules kUserCredentials{{{"email", http::Is::email, http::Presence::not_empty_first},
                                    {"password", http::Is::string, http::Presence::not_empty_first}}};

std::optional<base::Login> user_of(const Context& context) {
  return user::log_in(context.call, context.body()["email"].as_string(), context.body()["password"].as_string());
}

void log_user_in(Context& context) {
  const auto login = user_of(context);
  auto found = login ? user::find(context.call, login->id) : std::nullopt;
  if (!found) return http::answer_status(401, context.response);
  context.session.log_in(http::Person::user, *login);
  context.json(base::JsonObject{{"user", std::move(*found)}});
}

void user_token(Context& context) {
  jwt_secret(context);
  const auto login = user_of(context);
  if (!login) return http::answer_status(401, context.response);
  answer_token(context, base::JsonObject{{"user_id", login->id}, {"domain", "admin"}}, *login, kUserTokenLifetime);
}

void show_user(Context& context) {
  auto found = user::find(context.call, *context.call.identity.user_id);
  if (!found) return http::answer_status(400, context.response);
  context.json(base::JsonObject{{"user", std::move(*found)}});
}

void log_user_out(Context& context) { log_out(context, http::Person::user, context.call.identity.user_id); }

} // namespace

http::Routes routes() {
  using enum http::Method;
  using http::Auth;
  return {
      {.method = get, .path = "/store/auth", .handler = show_customer, .auth = Auth::customer},
      {.method = post,
       .path = "/store/auth",
       .handler = log_customer_in,
       .body_rules = &kCustomerCredentials,
       .guess = http::Guess::password},
      {.method = del, .path = "/store/auth", .handler = log_customer_out},
      {.method = post,
       .path = "/store/auth/token",
       .handler = customer_token,
       .body_rules = &kCustomerCredentials,
       .guess = http::Guess::password},
      {.method = get, .path = "/store/auth/:email", .handler = customer_exists},
      {.method = get, .path = "/admin/auth", .handler = show_user, .auth = Auth::admin},
      {.method = post,
       .path = "/admin/auth",
       .handler = log_user_in,
       .body_rules = &kUserCredentials,
       .guess = http::Guess::password},
      {.method = del, .path = "/admin/auth", .handler = log_user_out, .auth = Auth::admin},
      {.method = post,
       .path = "/admin/auth/token",
       .handler = user_token,
       .body_rules = &kUserCredentials,
       .guess = http::Guess::password},
  };
}

} // namespace commerce::auth
