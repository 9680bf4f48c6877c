#include "commerce/auth/routes.hpp"
#include "base/error.hpp"
#include "commerce/customer/service.hpp"
#include "commerce/user/service.hpp"
#include "config/config.hpp"
#include "http/crypto.hpp"
#include "http/errors.hpp"
#include "http/resource.hpp"
#include "query/query.hpp"

namespace commerce::auth {
namespace {

using http::Context;

constexpr std::chrono::hours kCustomerTokenLifetime{24 * 30}, kUserTokenLifetime{24};

// A session that knows already stays as it is, so that no new cookie is sent.
void remember(http::Session& session, std::string_view member, const std::string& id) {
  if (session.data[member] == base::Json(id)) return;
  session.data.set(member, id);
  session.dirty = true;
}

// Whoever is logged in as the other kind as well stays so; else the session ends.
void forget(Context& context, std::string_view member, std::string_view other) {
  auto& session = context.session;
  if (session.data[other].truthy()) {
    session.data.erase(member);
    session.dirty = true;
  } else {
    session.destroyed = true;
  }
  http::answer_status(200, context.response);
}

const std::string& jwt_secret(const Context& context) {
  const auto& secret = context.call.config.jwt_secret;
  if (secret.empty()) throw base::Error::not_found("Please configure jwt_secret in your environment");
  return secret;
}

void answer_token(Context& context, base::Json claims, std::chrono::seconds lifetime) {
  context.json(base::JsonObject{{"access_token", http::sign_jwt(jwt_secret(context), std::move(claims), lifetime)}});
}

// --- customers -----------------------------------------------------------------------------------------------------

const http::Rules kCustomerCredentials{
    {{"email", http::Is::email}, {"password", http::Is::any, http::Presence::not_empty}}};

std::optional<std::string> customer_of(const Context& context) {
  const auto& password = context.body()["password"];
  if (!password.is_string()) return std::nullopt; // 1.20 lets it pass the rules, and fails to compare it
  return customer::id_by_password(context.call, context.body()["email"].as_string(), password.as_string());
}

void answer_customer(Context& context, std::string_view id) {
  static const auto selection = query::select({}, {"orders", "orders.items", "shipping_addresses"});
  context.json(http::one_json("customer", *customer::retrieve(context.call, id, selection).first()));
}

void log_customer_in(Context& context) {
  const auto id = customer_of(context);
  if (!id) return http::answer_status(401, context.response);
  remember(context.session, "customer_id", *id);
  answer_customer(context, *id);
}

void customer_token(Context& context) {
  jwt_secret(context);
  const auto id = customer_of(context);
  if (!id) return http::answer_status(401, context.response);
  answer_token(context, base::JsonObject{{"customer_id", *id}, {"domain", "store"}}, kCustomerTokenLifetime);
}

void show_customer(Context& context) { answer_customer(context, *context.call.identity.customer_id); }

void log_customer_out(Context& context) { forget(context, "customer_id", "user_id"); }

void customer_exists(Context& context) {
  const bool exists = customer::registered(context.call, context.param("email")).has_value();
  context.json(base::JsonObject{{"exists", exists}});
}

// --- admins --------------------------------------------------------------------------------------------------------

const http::Rules kUserCredentials{{{"email", http::Is::email, http::Presence::not_empty_first},
                                    {"password", http::Is::string, http::Presence::not_empty_first}}};

std::optional<std::string> user_of(const Context& context) {
  return user::id_by_password(context.call, context.body()["email"].as_string(),
                              context.body()["password"].as_string());
}

void log_user_in(Context& context) {
  const auto id = user_of(context);
  auto found = id ? user::find(context.call, *id) : std::nullopt;
  if (!found) return http::answer_status(401, context.response);
  remember(context.session, "user_id", *id);
  context.json(base::JsonObject{{"user", std::move(*found)}});
}

void user_token(Context& context) {
  jwt_secret(context);
  const auto id = user_of(context);
  if (!id) return http::answer_status(401, context.response);
  answer_token(context, base::JsonObject{{"user_id", *id}, {"domain", "admin"}}, kUserTokenLifetime);
}

void show_user(Context& context) {
  auto found = user::find(context.call, *context.call.identity.user_id);
  if (!found) return http::answer_status(400, context.response);
  context.json(base::JsonObject{{"user", std::move(*found)}});
}

void log_user_out(Context& context) { forget(context, "user_id", "customer_id"); }

} // namespace

http::Routes routes() {
  using enum http::Method;
  using http::Auth;
  return {
      {.method = get, .path = "/store/auth", .handler = show_customer, .auth = Auth::customer},
      {.method = post, .path = "/store/auth", .handler = log_customer_in, .body_rules = &kCustomerCredentials},
      {.method = del, .path = "/store/auth", .handler = log_customer_out},
      {.method = post, .path = "/store/auth/token", .handler = customer_token, .body_rules = &kCustomerCredentials},
      {.method = get, .path = "/store/auth/:email", .handler = customer_exists},
      {.method = get, .path = "/admin/auth", .handler = show_user, .auth = Auth::admin},
      {.method = post, .path = "/admin/auth", .handler = log_user_in, .body_rules = &kUserCredentials},
      {.method = del, .path = "/admin/auth", .handler = log_user_out, .auth = Auth::admin},
      {.method = post, .path = "/admin/auth/token", .handler = user_token, .body_rules = &kUserCredentials},
  };
}

} // namespace commerce::auth
