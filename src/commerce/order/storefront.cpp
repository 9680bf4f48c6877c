#include "commerce/order/storefront.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "commerce/order/claiming.hpp"
#include "commerce/order/states.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/order/view.hpp"
#include "commerce/storefront.hpp"
#include "http/errors.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"

namespace commerce::order {
namespace {

using http::Context;
using http::Is;
using http::Presence;

const http::Rules kFindRules{{{"expand", Is::string, Presence::optional}, {"fields", Is::string, Presence::optional}}};
const http::Rules kShippingAddressRules{{{"postal_code", Is::string, Presence::optional}}};
const http::Rules kLookupRules{{{"display_id", Is::number_text},
                                {"email", Is::email},
                                {"shipping_address", Is::nested, Presence::optional, &kShippingAddressRules},
                                {"expand", Is::string, Presence::optional},
                                {"fields", Is::string, Presence::optional}}};

// Medusa 1.20: StoreGetCustomersCustomerOrdersParams
const std::vector<http::Filter>& my_order_filters() {
  using http::By;
  static const std::vector<http::Filter> filters{
      {"id"},
      {.name = "status", .by = By::enumeration, .values = values_of(kStatuses)},
      {.name = "fulfillment_status", .by = By::enumeration, .values = values_of(kFulfillmentStatuses)},
      {.name = "payment_status", .by = By::enumeration, .values = values_of(kPaymentStatuses)},
      {"display_id", By::text, "t.display_id::text = $?"},
      {"cart_id"},
      {"email"},
      {"region_id"},
      {"currency_code"},
      {"tax_rate", By::text, "t.tax_rate::text = $?"},
      {"created_at", By::date},
      {"updated_at", By::date},
      {"canceled_at", By::date}};
  return filters;
}
const http::Rules& my_order_rules() {
  static const http::Rules rules = [] {
    auto all = http::list_rules(my_order_filters());
    std::erase_if(all.rows, [](const http::Rule& rule) { return rule.name == "order"; });
    all.rows.push_back({"q", Is::string, Presence::optional});
    return all;
  }();
  return rules;
}

std::string enveloped(const std::string& order) { return R"({"order":)" + order + "}"; }

Presentation view_of(const Context& context, query::Many many = query::Many::no) {
  auto view = resolve(context.call.flags, store_grammar(), context.query(), many);
  show_only_public(schema::get("Order"), view.selection);
  return view;
}

// Medusa 1.20: GET /store/orders/:id
void get_order(Context& context) {
  context.json(enveloped(retrieve(context.call, view_of(context), context.param("id"))));
}

// Medusa 1.20: GET /store/orders/cart/:cart_id
void get_order_by_cart(Context& context) {
  context.json(enveloped(retrieve_by_cart(context.call, whole(view_of(context)), context.param("cart_id"))));
}

// Medusa 1.20: GET /store/orders
// Quirk: the shipping address is checked but not looked at.
void look_up_order(Context& context) {
  const Presentation view = view_of(context, query::Many::yes);
  const query::Read read{
      .entity = &schema::get("Order"),
      .selection = to_load(view),
      .where = {{"display_id", query::Operator::equal, {base::number_text(context.query()["display_id"].as_number())}},
                {"lower(t.email) = lower($?)", query::Operator::sql, {context.query()["email"].as_string()}}},
      .order = view.order,
      .limit = 2};
  const auto tree = query::read(context.call.db(), context.call.flags, read);
  if (tree.root->size() != 1) {
    context.response.status = 404;
    context.response.content_type = "text/plain; charset=utf-8";
    context.response.body = "Not Found";
    return;
  }
  context.json(enveloped(to_json(context.call, view, *tree.first<table::Order>(), Level::list)));
}

// Medusa 1.20: GET /store/customers/me/orders
void list_my_orders(Context& context) {
  const auto& asked = context.query();
  Presentation view = uncleaned(resolve(context.call.flags, my_grammar(), asked, query::Many::yes));
  show_only_public(schema::get("Order"), view.selection, Whose::the_callers);
  query::Read read{.entity = &schema::get("Order"),
                   .selection = to_load(view),
                   .where = {{"customer_id", query::Operator::equal, {*context.call.identity.customer_id}}},
                   .order = view.order,
                   .count = true};
  constexpr std::int64_t default_limit = 10;
  http::add_page(asked, default_limit, read);
  http::add_conditions(my_order_filters(), asked, read);
  if (const auto& q = asked["q"]; q.is_string() && !q.as_string().empty())
    read.where.push_back(
        {"t.email ILIKE $? OR t.display_id::text ILIKE $? OR EXISTS (SELECT 1 FROM address a WHERE a.id = "
         "t.shipping_address_id AND a.first_name ILIKE $?)",
         query::Operator::sql, std::vector<std::string>(3, "%" + q.as_string() + "%")});
  const auto tree = query::read(context.call.db(), context.call.flags, read);
  std::string out = R"({"orders":[)";
  for (const auto& row : tree.rows<table::Order>()) {
    if (out.back() != '[') out += ',';
    out += to_json(context.call, view, row, Level::list);
  }
  const auto& limit = asked["limit"];
  out += "],\"count\":" + std::to_string(tree.count) + ",\"offset\":" + std::to_string(read.offset) +
         ",\"limit\":" + std::to_string(limit.is_number() ? limit.as_int() : default_limit) + "}";
  context.json(std::move(out));
}

// --- claiming ------------------------------------------------------------------------------------------------------

const http::Rules kClaimRules{{{"order_ids", Is::each_string, Presence::not_empty}}};
const http::Rules kConfirmRules{{{"token", Is::jwt, Presence::not_empty}}};

// Medusa 1.20: POST /store/orders/batch/customer/token
void claim_orders(Context& context) {
  const auto& asked = context.body()["order_ids"];
  std::vector<std::string> ids;
  if (asked.is_string()) ids.push_back(asked.as_string());
  if (asked.is_array())
    for (const auto& id : asked.as_array()) ids.push_back(id.as_string());
  ask_for_orders(context.call, *context.call.identity.customer_id, ids);
  http::answer_status(200, context.response);
}

// Medusa 1.20: POST /store/orders/customer/confirm
void confirm_claim(Context& context) {
  give_orders(context.call, context.body()["token"].as_string());
  http::answer_status(200, context.response);
}

} // namespace

http::Routes store_routes() {
  using enum http::Method;
  return {
      {.method = post,
       .path = "/store/orders/batch/customer/token",
       .handler = claim_orders,
       .auth = http::Auth::customer,
       .body_rules = &kClaimRules},
      {.method = post,
       .path = "/store/orders/customer/confirm",
       .handler = confirm_claim,
       .body_rules = &kConfirmRules,
       .guess = http::Guess::token},
      {.path = "/store/customers/me/orders",
       .handler = list_my_orders,
       .auth = http::Auth::customer,
       .query_rules = &my_order_rules()},
      {.path = "/store/orders", .handler = look_up_order, .query_rules = &kLookupRules, .guess = http::Guess::order},
      {.path = "/store/orders/:id", .handler = get_order, .query_rules = &kFindRules},
      {.path = "/store/orders/cart/:cart_id", .handler = get_order_by_cart, .query_rules = &kFindRules}};
}

} // namespace commerce::order
