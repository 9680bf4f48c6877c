#include "commerce/customer/admin.hpp"
#include "base/error.hpp"
#include "commerce/customer/service.hpp"
#include "commerce/customer/tables.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"

namespace commerce::customer {
namespace {

using http::By;
using http::Context;
using http::Is;
using http::Presence;

// --- lists ---------------------------------------------------------------------------------------------------------

// The groups that a list is restricted to; empty: none.
std::vector<std::string> groups_of(const Context& context) {
  if (!context.request.params.empty()) return {context.param("id")}; // of the group in the path
  std::vector<std::string> ids;
  const auto& groups = context.query()["groups"];
  if (groups.is_array())
    for (const auto& id : groups.as_array()) ids.push_back(id.as_string());
  return ids;
}

void restrict_to_groups(Context& context, const query::Wanted&, query::Read& read) {
  // Quirk: `fields` is taken and has no effect.
  read.selection.fields.clear();
  if (const auto ids = groups_of(context); !ids.empty()) {
    read.where.push_back({"EXISTS (SELECT 1 FROM customer_group_customers g JOIN customer_group c ON c.id = "
                          "g.customer_group_id WHERE g.customer_id = t.id AND c.deleted_at IS NULL AND c.id = "
                          "ANY($?::text[]))",
                          query::Operator::sql,
                          {db::array_literal(ids)}});
    read.selection.with("groups");
  }
}

// Quirk: of a customer's groups only those show that the list is restricted to.
void show_these_groups(Context& context, const query::Wanted&, const query::Tree& tree) {
  const auto ids = groups_of(context);
  if (ids.empty()) return;
  for (const auto& row : tree.rows<table::Customer>()) {
    std::vector<query::RowOf<table::CustomerGroup>> shown;
    for (const auto& group : row.many<table::CustomerGroup>("groups"))
      if (std::find(ids.begin(), ids.end(), group.id()) != ids.end()) shown.push_back(group);
    std::string json;
    base::JsonWriter writer(json);
    query::write_rows(writer, shown);
    row.compute("groups", std::move(json));
  }
}

http::Resource list_of_customers(std::string_view path) {
  return http::Resource{.path = path,
                        .entity = "Customer",
                        .one = "customer",
                        .many = "customers",
                        .filters = {{"has_account", By::boolean}, {"created_at", By::date}, {"updated_at", By::date}},
                        .search = "t.email ILIKE $? OR t.first_name ILIKE $? OR t.last_name ILIKE $?",
                        .unfiltered = {{"groups", Is::string_array, Presence::optional}},
                        .limit = 50,
                        .order = {{"created_at"}, {"id"}},
                        .auth = http::Auth::admin,
                        .prepare = restrict_to_groups,
                        .decorate = show_these_groups}
      .list();
}

// --- one customer --------------------------------------------------------------------------------------------------

const http::Rules kCreate{{{"email", Is::email},
                           {"first_name", Is::string},
                           {"last_name", Is::string},
                           {"password", Is::string},
                           {"phone", Is::string, Presence::optional},
                           {"metadata", Is::object, Presence::optional}}};

const http::Rules kUpdate{{{"email", Is::email, Presence::optional},
                           {"first_name", Is::string, Presence::optional},
                           {"last_name", Is::string, Presence::optional},
                           {"password", Is::string, Presence::optional},
                           {"phone", Is::string, Presence::optional},
                           {"metadata", Is::object, Presence::optional},
                           {"groups", Is::array, Presence::optional, &http::kWithId}}};

const http::Rules kShow{{{"expand", Is::string, Presence::optional}, {"fields", Is::string, Presence::optional}}};

// Quirk: an empty `expand` counts as none; `fields` is taken and has no effect.
query::Selection wanted(const Context& context) {
  const query::Grammar grammar{.relations = {"orders", "shipping_addresses"}};
  base::Json asked = base::Json::object();
  if (const auto& expand = context.query()["expand"]; expand.truthy()) asked.set("expand", expand);
  return query::resolve(schema::get("Customer"), context.call.flags, grammar, asked, query::Many::no).selection;
}

void answer(Context& context, const query::Tree& tree) { context.json(http::one_json("customer", *tree.first())); }

void show_customer(Context& context) { answer(context, retrieve(context.call, context.param("id"), wanted(context))); }

// 1.20 shows the hash of the password as well.
void create_customer(Context& context) {
  const auto tree = create(context.call, with_password_hash(context.body()), {});
  base::Json given = context.body();
  if (given["password"].truthy()) given.set("has_account", true);
  context.json(base::JsonObject{{"customer", http::as_saved(*tree.first(), given)}}, 201);
}

// Medusa 1.20: admin/customers/update-customer
void update_customer(Context& context) {
  const auto& id = context.param("id");
  const auto selection = wanted(context);
  const auto changes = with_password_hash(context.body());
  context.call.atomic([&] {
    if (context.body()["email"].truthy() &&
        retrieve(context.call, id, {}).first<table::Customer>()->boolean("has_account"))
      throw base::Error::invalid_data("Email cannot be changed when the user has registered their account");
    answer(context, update(context.call, id, changes, selection));
  });
  if (changes["password_hash"].truthy()) context.session.ended.push_back(id);
}

} // namespace

http::Routes admin_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  http::Routes routes{
      {.method = post, .path = "/admin/customers", .handler = create_customer, .auth = admin, .body_rules = &kCreate},
      {.method = get, .path = "/admin/customers/:id", .handler = show_customer, .auth = admin, .query_rules = &kShow},
      {.method = post,
       .path = "/admin/customers/:id",
       .handler = update_customer,
       .auth = admin,
       .query_rules = &kShow,
       .body_rules = &kUpdate},
  };
  for (const auto path : {"/admin/customers", "/admin/customer-groups/:id/customers"}) {
    const auto more = list_of_customers(path).routes();
    routes.insert(routes.end(), more.begin(), more.end());
  }
  return routes;
}

} // namespace commerce::customer
