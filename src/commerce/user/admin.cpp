#include "commerce/user/admin.hpp"
#include "commerce/user/service.hpp"
#include "commerce/values.hpp"
#include "http/errors.hpp"
#include "http/resource.hpp"
#include "query/query.hpp"

namespace commerce::user {
namespace {

using http::By;
using http::Change;
using http::Context;
using http::Is;
using enum http::Presence;

// --- users ---------------------------------------------------------------------------------------------------------

const http::Rules kCreate{{{"email", Is::email},
                           {"first_name", Is::string, optional},
                           {"last_name", Is::string, optional},
                           {"role", Is::enumeration, optional, nullptr, roles()},
                           {"password", Is::string}}};

void answer(Context& context, std::string_view id) {
  context.json(base::JsonObject{{"user", *find(context.call, id)}});
}

void create_user(Context& context) {
  const auto& body = context.body();
  const auto id = create(context.call, {.email = body["email"].as_string(),
                                        .role = optional_text(body["role"]),
                                        .first_name = optional_text(body["first_name"]),
                                        .last_name = optional_text(body["last_name"]),
                                        .password = optional_text(body["password"])});
  const auto tree = query::read_one(context.call.db(), context.call.flags, {.entity = &schema::get("User")}, id);
  context.json(base::JsonObject{{"user", http::as_saved(*tree.first(), body)}});
}

// Quirk: a search looks into the columns by which else one may filter, and forgets those filters.
void search_alone(Context& context, const query::Wanted&, query::Read& read) {
  if (!context.query()["q"].truthy()) return;
  std::erase_if(read.where, [](const auto& condition) {
    return condition.column == "email" || condition.column == "first_name" || condition.column == "last_name";
  });
}

// Medusa 1.20: UserService.delete
void remove_analytics(Change& change) {
  if (change.call.on(schema::Flag::analytics)) change.ahead.push_back(forget_analytics(change.id));
}

http::Resource users() {
  return http::Resource{.path = "/admin/users",
                        .entity = "User",
                        .one = "user",
                        .many = "users",
                        .not_found = "User with id: {id} was not found",
                        .id_name = "user_id",
                        .filters = {{"id", By::text_or_list},
                                    {"updated_at", By::date},
                                    {"created_at", By::date},
                                    {"deleted_at", By::date},
                                    {"email", By::text},
                                    {"first_name", By::text},
                                    {"last_name", By::text},
                                    {"role", By::enumeration, {}, {"member", "admin", "developer"}}},
                        .search = "t.email ILIKE $? OR t.first_name ILIKE $? OR t.last_name ILIKE $?",
                        .limit = 50,
                        .auth = http::Auth::admin,
                        .prepare = search_alone}
      .list()
      .retrieve(http::QueryUse::ignored)
      .update({.body = {{{"first_name", Is::string, optional},
                         {"last_name", Is::string, optional},
                         {"role", Is::enumeration, optional, nullptr, roles()},
                         {"api_token", Is::string, optional},
                         {"metadata", Is::object, optional}}},
               .event = "user.updated",
               .metadata = http::Metadata::merged})
      .remove(
          {.object = "user", .missing = http::Missing::overlooked, .hook = remove_analytics, .event = "user.deleted"});
}

// --- passwords -----------------------------------------------------------------------------------------------------

const http::Rules kPasswordToken{{{"email", Is::email}}};
const http::Rules kPasswordReset{{{"email", Is::email, optional}, {"token", Is::string}, {"password", Is::string}}};

// Says nothing of whether there is such a user.
void request_password_token(Context& context) {
  send_password_token(context.call, context.body()["email"].as_string());
  http::answer_status(204, context.response);
}

void set_new_password(Context& context) {
  const auto& body = context.body();
  const auto& email = body["email"];
  const auto id = reset_password(context.call, email.truthy() ? email.as_string() : "", body["token"].as_string(),
                                 body["password"].as_string());
  if (id) {
    context.session.ended.push_back(*id);
    return answer(context, *id);
  }
  context.response.status = 401;
  context.response.content_type = "text/html; charset=utf-8";
  context.response.body = "Invalid or expired password reset token";
}

} // namespace

http::Routes admin_routes() {
  using enum http::Method;
  auto routes = users().routes();
  routes.push_back({.method = post,
                    .path = "/admin/users",
                    .handler = create_user,
                    .auth = http::Auth::admin,
                    .body_rules = &kCreate});
  routes.push_back({.method = post,
                    .path = "/admin/users/password-token",
                    .handler = request_password_token,
                    .body_rules = &kPasswordToken});
  routes.push_back({.method = post,
                    .path = "/admin/users/reset-password",
                    .handler = set_new_password,
                    .body_rules = &kPasswordReset,
                    .guess = http::Guess::token});
  return routes;
}

} // namespace commerce::user
