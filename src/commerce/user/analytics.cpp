#include "base/error.hpp"
#include "commerce/user/admin.hpp"
#include "commerce/user/service.hpp"
#include "http/resource.hpp"
#include "query/write.hpp"

namespace commerce::user {
namespace {

using http::Context;
using http::Is;
using enum http::Presence;

const std::string& me(const Context& context) { return *context.call.identity.user_id; }
const schema::Entity& entity() { return schema::get("AnalyticsConfig"); }

// The user's choice. A database in which 1.20 has made several for one user counts the latest.
query::Tree choice(Context& context) {
  return query::read(context.call.db(), context.call.flags,
                     {.entity = &entity(),
                      .where = {{"user_id", query::Operator::equal, {me(context)}}},
                      .order = {{"created_at", true}},
                      .limit = 1});
}

// Changes of one user's choice come one after the other.
void lock_user(Context& context) {
  static const db::Statement statement("SELECT id FROM \"user\" WHERE id = $1 FOR UPDATE");
  context.call.db().run(statement, db::Params::of(me(context)));
}

query::Tree write(Context& context, std::string_view id, std::vector<db::Command> writes) {
  return query::read_one(context.call.db(), context.call.flags, {.entity = &entity()}, id, std::move(writes));
}

void answer_new(Context& context) {
  base::Json row = base::JsonObject{{"user_id", me(context)}, {"opt_out", false}, {"anonymize", false}};
  for (const auto& [name, value] : context.body().as_object()) row.set(name, value);
  auto insert = query::insert(entity(), row);
  const auto tree = write(context, row["id"].as_string(), {forget_analytics(me(context)), std::move(insert)});
  row.erase("id"); // which stands behind what was given
  context.json(base::JsonObject{{"analytics_config", http::as_saved(*tree.first(), row)}});
}

// Medusa 1.20: AnalyticsConfigService.create, which leaves an earlier choice beside the new one.
void create_choice(Context& context) {
  context.call.atomic([&] {
    lock_user(context);
    answer_new(context);
  });
}

// Medusa 1.20: AnalyticsConfigService.update
void update_choice(Context& context) {
  context.call.atomic([&] {
    lock_user(context);
    const auto tree = choice(context);
    const auto before = tree.first();
    if (!before) return answer_new(context);
    std::vector<db::Command> writes;
    if (context.body().size()) writes.push_back(query::update(entity(), before->id(), context.body()));
    context.json(http::one_json("analytics_config", *write(context, before->id(), std::move(writes)).first()));
  });
}

void show_choice(Context& context) {
  const auto tree = choice(context);
  if (!tree.first()) throw base::Error::not_found("No analytics config found for user with id: " + me(context));
  context.json(http::one_json("analytics_config", *tree.first()));
}

void remove_choice(Context& context) {
  context.call.write_last(forget_analytics(me(context)));
  context.json(base::JsonObject{{"user_id", me(context)}, {"object", "analytics_config"}, {"deleted", true}});
}

const http::Rules kCreate{{{"opt_out", Is::boolean}, {"anonymize", Is::boolean, optional}}};
const http::Rules kUpdate{{{"opt_out", Is::boolean, optional}, {"anonymize", Is::boolean, optional}}};

} // namespace

db::Command forget_analytics(std::string_view user_id) {
  static const db::Statement statement(
      "UPDATE analytics_config SET deleted_at = now() WHERE user_id = $1 AND deleted_at IS NULL");
  return {statement, db::Params::of(user_id)};
}

http::Routes analytics_routes() {
  using enum http::Method;
  constexpr std::string_view path = "/admin/analytics-configs";
  constexpr auto flag = schema::Flag::analytics;
  constexpr auto admin = http::Auth::admin;
  return {
      {.method = get, .path = path, .handler = show_choice, .auth = admin, .flag = flag},
      {.method = post, .path = path, .handler = create_choice, .auth = admin, .body_rules = &kCreate, .flag = flag},
      {.method = post,
       .path = "/admin/analytics-configs/update",
       .handler = update_choice,
       .auth = admin,
       .body_rules = &kUpdate,
       .flag = flag},
      {.method = del, .path = path, .handler = remove_choice, .auth = admin, .flag = flag},
  };
}

} // namespace commerce::user
