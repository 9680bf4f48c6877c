#include "commerce/user/admin.hpp"
#include "commerce/user/service.hpp"
#include "commerce/values.hpp"
#include "http/errors.hpp"
#include "http/resource.hpp"

namespace commerce::user {
namespace {

using http::Context;
using http::Is;
using enum http::Presence;

http::Resource invites() {
  return http::Resource{.path = "/admin/invites",
                        .entity = "Invite",
                        .one = "invite",
                        .many = "invites",
                        .id_name = "invite_id",
                        .paged = http::Paged::bare,
                        .order = {{"created_at"}, {"id"}},
                        .auth = http::Auth::admin}
      .list(http::QueryUse::ignored)
      .remove({.object = "invite", .missing = http::Missing::overlooked, .erased = http::Remove::Erased::yes});
}

const http::Rules kInvitation{{{"user", Is::email}, {"role", Is::enumeration, required, nullptr, roles()}}};

void create_invite(Context& context) {
  invite(context.call, context.body()["user"].as_string(), context.body()["role"].as_string());
  http::answer_status(200, context.response);
}

void resend(Context& context) {
  resend_invite(context.call, context.param("invite_id"));
  http::answer_status(200, context.response);
}

const http::Rules kUser{
    {{"first_name", Is::string, optional}, {"last_name", Is::string, optional}, {"password", Is::string}}};
const http::Rules kAcceptance{{{"token", Is::string, not_empty_first}, {"user", Is::nested, not_empty, &kUser}}};

void accept(Context& context) {
  const auto& user = context.body()["user"];
  accept_invite(context.call, context.body()["token"].as_string(),
                {.email = {}, // the invitation's
                 .first_name = optional_text(user["first_name"]),
                 .last_name = optional_text(user["last_name"]),
                 .password = optional_text(user["password"])});
  http::answer_status(200, context.response);
}

} // namespace

http::Routes invite_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  auto routes = invites().routes();
  routes.push_back(
      {.method = post, .path = "/admin/invites", .handler = create_invite, .auth = admin, .body_rules = &kInvitation});
  routes.push_back({.method = post,
                    .path = "/admin/invites/accept",
                    .handler = accept,
                    .body_rules = &kAcceptance,
                    .guess = http::Guess::token});
  routes.push_back({.method = post, .path = "/admin/invites/:invite_id/resend", .handler = resend, .auth = admin});
  return routes;
}

} // namespace commerce::user
