#include "commerce/notification/admin.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/resource.hpp"
#include "ports/notification_provider.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::notification {
namespace {

using http::Context;
using http::Is;
using enum http::Presence;
using Names = std::vector<std::string>;

constexpr std::int64_t kLimit = 50;
const query::Grammar kShown{
    .fields = {"id", "resource_type", "resource_id", "event_name", "to", "provider_id", "created_at", "updated_at"},
    .relations = {"resends"}};
const schema::Entity& entity() { return schema::get("Notification"); }

// --- the list ------------------------------------------------------------------------------------------------------

const http::Rules kList{{{"limit", Is::integer_text, optional},
                         {"offset", Is::integer_text, optional},
                         {"fields", Is::string, optional},
                         {"expand", Is::string, optional},
                         {"event_name", Is::string, optional},
                         {"resource_type", Is::string, optional},
                         {"resource_id", Is::string, optional},
                         {"to", Is::string, optional},
                         {"include_resends", Is::boolean_string, optional}}};

// What was asked for, else `usual`; in the order of the names.
Names names(const base::Json& asked, const Names& usual) {
  Names all = asked.truthy() ? base::split(asked.as_string(), ',') : usual;
  std::sort(all.begin(), all.end());
  return all;
}

// Only what was asked for, in the order of the names: the fields, then the relations.
void write_picked(base::JsonWriter& w, const query::Row& row, const Names& fields, const Names& relations) {
  const auto columns = query::row_value(row);
  w.open_object();
  for (const auto& field : fields)
    if (columns.has(field)) w.key(field).value(columns[field]);
  for (const auto& relation : relations) {
    if (!row.has(relation)) continue;
    w.key(relation);
    if (entity().relation(relation)->kind == schema::RelationKind::to_many)
      query::write_rows(w, row.many(relation));
    else if (const auto one = row.one(relation))
      query::write_row(w, *one);
    else
      w.null();
  }
  w.close_object();
}

// Medusa 1.20: admin/notifications/list-notifications
void list(Context& context) {
  const auto& asked = context.query();
  const auto fields = names(asked["fields"], kShown.fields), relations = names(asked["expand"], kShown.relations);
  const base::Json wanted =
      base::JsonObject{{"fields", base::join(fields, ",")}, {"expand", base::join(relations, ",")}};
  query::Read read{.entity = &entity(),
                   .selection = query::resolve(entity(), context.call.flags, {}, wanted, query::Many::no).selection,
                   .order = {{"created_at", true}, {"id"}},
                   .count = true};
  http::add_page(asked, kLimit, read);
  for (const char* column : {"event_name", "resource_type", "resource_id", "to"})
    if (asked[column].truthy())
      read.where.push_back({column, query::Operator::in, base::split(asked[column].as_string(), ',')});
  const auto& resends = asked["include_resends"];
  if (!resends.truthy() || resends == base::Json("false"))
    read.where.push_back({"parent_id", query::Operator::is_null});
  const auto tree = query::read(context.call.db(), context.call.flags, read);
  std::string out;
  base::JsonWriter w(out);
  w.open_object().key("notifications").open_array();
  for (const auto& row : tree.rows()) write_picked(w, row, fields, relations);
  w.close_array().key("count").integer(tree.count);
  w.key("limit").integer(asked["limit"].is_number() ? asked["limit"].as_int() : kLimit);
  w.key("offset").integer(read.offset).close_object();
  context.json(std::move(out));
}

// --- sending again -------------------------------------------------------------------------------------------------

const http::Rules kResend{{{"to", Is::string, optional}}};

// Medusa 1.20: NotificationService.resend
void resend(Context& context) {
  auto& call = context.call;
  const auto& id = context.param("id");
  const auto shown = query::resolve(entity(), call.flags, kShown, base::Json::object(), query::Many::no).selection;
  call.atomic([&] {
    // 1. The notification, and who sent it.
    const auto before = query::read_one(call.db(), call.flags, {.entity = &entity(), .for_update = true}, id);
    if (!before.first()) throw base::Error::not_found("Notification with id: " + id + " was not found.");
    base::Json notification = query::row_value(*before.first());
    const auto& provider_id = notification["provider_id"];
    const auto& provider = ports::notification_provider(provider_id.is_string() ? provider_id.as_string() : "null");
    // 2. Send it.
    const auto& to = context.body()["to"];
    auto sent = provider.resend(call, notification, to.truthy() ? std::optional(to.as_string()) : std::nullopt);
    // 3. Keep what was sent beside the first.
    for (const char* own : {"id", "created_at", "updated_at"}) notification.erase(own);
    notification.set("to", std::move(sent.to));
    notification.set("data", std::move(sent.data));
    notification.set("parent_id", id);
    auto insert = query::insert(entity(), notification);
    const auto tree =
        query::read_one(call.db(), call.flags, {.entity = &entity(), .selection = shown}, id, {std::move(insert)});
    context.json(http::one_json("notification", *tree.first()));
  });
}

} // namespace

http::Routes admin_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  return {
      {.method = get, .path = "/admin/notifications", .handler = list, .auth = admin, .query_rules = &kList},
      {.method = post,
       .path = "/admin/notifications/:id/resend",
       .handler = resend,
       .auth = admin,
       .body_rules = &kResend},
  };
}

} // namespace commerce::notification
