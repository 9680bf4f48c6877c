#include "commerce/store/apps.hpp"
#include "base/error.hpp"
#include "http/resource.hpp"

namespace commerce::store {
namespace {

using http::Context;
using http::Is;
using enum http::Presence;

const http::Rules kAuthorize{{{"application_name", Is::string, not_empty_first},
                              {"state", Is::string, not_empty_first},
                              {"code", Is::string, not_empty_first}}};

void list_apps(Context& context) {
  const auto tree = query::read(context.call.db(), context.call.flags,
                                {.entity = &schema::get("Oauth"), .order = {{"application_name"}}});
  context.json(http::rows_json("apps", tree));
}

// Medusa 1.20: OauthService.generateToken. The handler is a plugin's service; where none is loaded 1.20 answers 500.
void authorize(Context& context) {
  const auto& name = context.body()["application_name"].as_string();
  static const db::Statement statement("SELECT display_name FROM oauth WHERE application_name = $1");
  const auto found = context.call.db().run(statement, db::Params::of(name));
  if (found.empty()) throw base::Error::not_found("Oauth application " + name + " not found");
  throw base::Error::invalid_data("An OAuth handler for " + std::string(found.text(0, 0)) +
                                  " could not be found make sure the plugin is installed");
}

} // namespace

http::Routes app_routes() {
  using enum http::Method;
  return {
      {.method = get, .path = "/admin/apps", .handler = list_apps, .auth = http::Auth::admin},
      {.method = post,
       .path = "/admin/apps/authorizations",
       .handler = authorize,
       .auth = http::Auth::admin,
       .body_rules = &kAuthorize},
  };
}

} // namespace commerce::store
