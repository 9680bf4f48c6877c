#include "commerce/order/admin.hpp"
#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/strings.hpp"
#include "commerce/address_rules.hpp"
#include "commerce/idempotency/routes.hpp"
#include "commerce/order/cancelation.hpp"
#include "commerce/order/changes.hpp"
#include "commerce/order/filters.hpp"
#include "commerce/order/refunds.hpp"
#include "commerce/order/service.hpp"
#include "commerce/order/shown.hpp"
#include "commerce/order/tables.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"
#include <fmt/format.h>

namespace commerce::order {
namespace {

using base::Json;
using http::By;
using http::Context;
using http::Is;
using http::Presence;

constexpr std::int64_t kDefaultLimit = 50;

struct Values {
  std::string_view column;
  std::vector<std::string> values;
};
const std::vector<Values> kEnumerations{
    {"status", {"pending", "completed", "archived", "canceled", "requires_action"}},
    {"fulfillment_status",
     {"not_fulfilled", "fulfilled", "partially_fulfilled", "shipped", "partially_shipped", "canceled", "returned",
      "partially_returned", "requires_action"}},
    {"payment_status",
     {"captured", "awaiting", "not_paid", "refunded", "partially_refunded", "canceled", "requires_action"}}};

void check_enumerations(const Json& query, std::vector<std::string>& problems) {
  for (const auto& [column, values] : kEnumerations) {
    const Json& asked = query[column];
    if (!asked.is_array()) continue;
    for (const auto& value : asked.as_array())
      if (!value.is_string() || std::find(values.begin(), values.end(), value.as_string()) == values.end()) {
        problems.push_back("each value in " + std::string(column) +
                           " must be one of the following values: " + base::join(values, ", "));
        break;
      }
  }
}

// For query::add_sql. Orders without a shipping address are never found, as in 1.20. What is searched lies in three tables, so
// each part goes by an index of its own.
constexpr std::string_view kSearch =
    "t.id IN (SELECT o.id FROM \"order\" o WHERE o.email ILIKE $? OR o.display_id::text ILIKE $? UNION ALL SELECT o.id FROM "
    "address a JOIN \"order\" o ON o.shipping_address_id = a.id WHERE a.first_name ILIKE $? UNION ALL SELECT o.id FROM "
    "customer c JOIN \"order\" o ON o.customer_id = c.id WHERE c.first_name ILIKE $? OR c.last_name ILIKE $? OR c.phone ILIKE "
    "$?) AND EXISTS (SELECT 1 FROM address a, customer c WHERE a.id = t.shipping_address_id AND a.deleted_at IS NULL AND "
    "c.id = t.customer_id AND c.deleted_at IS NULL)";

const http::Rules& list_rules() {
  static const http::Rules rules = [] {
    auto filters = admin_filters();
    filters.push_back({"q", By::ignored});
    http::Rules made = http::list_rules(filters);
    made.extra = check_enumerations;
    return made;
  }();
  return rules;
}

const http::Rules kFindRules{{{"expand", Is::string, Presence::optional}, {"fields", Is::string, Presence::optional}}};
const http::Rules kItemRules{
    .rows = {{"item_id", Is::string, Presence::not_empty}, {"quantity", Is::integer, Presence::not_empty}},
    .of = "FulfillmentItem"};
const http::Rules kFulfillmentRules{{{"items", Is::array, Presence::required, &kItemRules},
                                     {"location_id", Is::string, Presence::optional},
                                     // 1.20 takes the texts alone, and ignores a boolean.
                                     {"no_notification", Is::boolean_text, Presence::optional},
                                     {"metadata", Is::object, Presence::optional}}};
void check_reason(const Json& body, std::vector<std::string>& problems) {
  static const std::vector<std::string> reasons{"discount", "return", "swap", "claim", "other"};
  const Json& reason = body["reason"];
  if (reason.is_string() && std::find(reasons.begin(), reasons.end(), reason.as_string()) == reasons.end())
    problems.push_back("reason must be one of the following values: " + base::join(reasons, ", "));
}

const http::Rules kShipmentRules{{{"fulfillment_id", Is::string, Presence::not_empty_first},
                                  {"tracking_numbers", Is::string_array, Presence::optional},
                                  {"no_notification", Is::boolean, Presence::optional}}};

const http::Rules kPaymentMethodRules{
    {{"provider_id", Is::string, Presence::optional}, {"data", Is::object, Presence::optional}}};
const http::Rules kShippingMethodRules{.rows = {{"provider_id", Is::string, Presence::optional},
                                                {"profile_id", Is::string, Presence::optional},
                                                {"price", Is::integer, Presence::optional},
                                                {"data", Is::object, Presence::optional},
                                                {"items", Is::array, Presence::optional}},
                                       .of = "ShippingMethod"};
// 1.20 looks at nothing within `items` and `discounts`.
const http::Rules kNewItemRules{.rows = {{"title", Is::string, Presence::optional},
                                         {"description", Is::string, Presence::optional},
                                         {"thumbnail", Is::string, Presence::optional},
                                         {"is_giftcard", Is::boolean, Presence::defaulted},
                                         {"should_merge", Is::boolean, Presence::defaulted},
                                         {"allow_discounts", Is::boolean, Presence::defaulted},
                                         {"has_shipping", Is::boolean, Presence::optional},
                                         {"unit_price", Is::integer, Presence::optional},
                                         {"variant_id", Is::string, Presence::optional},
                                         {"quantity", Is::positive, Presence::optional},
                                         {"metadata", Is::object, Presence::optional}},
                                .unknown = http::Unknown::allowed,
                                .of = "LineItem"};
const http::Rules kDiscountRules{.rows = {{"id", Is::string}}, .unknown = http::Unknown::allowed};
void check_lists(const Json& body, std::vector<std::string>& problems) {
  const auto check_each = [&](const std::string& name, const http::Rules& rules) {
    if (!body[name].is_array()) return;
    for (Json element : body[name].as_array()) {
      const auto faults =
          element.is_object()
              ? http::check(rules, element)
              : std::vector{"each value in nested property " + name + " must be either object or array"};
      problems.insert(problems.end(), faults.begin(), faults.end());
    }
  };
  check_each("items", kNewItemRules);
  check_each("discounts", kDiscountRules);
}
const http::Rules kUpdateRules{.rows = {{"email", Is::email, Presence::optional},
                                        {"billing_address", Is::nested, Presence::optional, &kAddressRules},
                                        {"shipping_address", Is::nested, Presence::optional, &kAddressRules},
                                        {"items", Is::array, Presence::optional},
                                        {"region", Is::string, Presence::optional},
                                        {"discounts", Is::array, Presence::optional},
                                        {"customer_id", Is::string, Presence::optional},
                                        {"payment_method", Is::nested, Presence::optional, &kPaymentMethodRules},
                                        {"shipping_method", Is::nested, Presence::optional, &kShippingMethodRules},
                                        {"no_notification", Is::boolean, Presence::optional}},
                               .extra = check_lists};
// 1.20 takes any text for a reason, and answers 500.
const http::Rules kRefundRules{.rows = {{"amount", Is::integer, Presence::not_empty_first},
                                        {"reason", Is::string, Presence::not_empty_first},
                                        {"note", Is::string, Presence::optional},
                                        {"no_notification", Is::boolean, Presence::optional}},
                               .extra = check_reason,
                               .of = "Refund"};
const http::Rules kMethodRules{.rows = {{"price", Is::integer, Presence::not_empty_first},
                                        {"option_id", Is::string, Presence::not_empty_first},
                                        {"data", Is::object, Presence::optional}},
                               .of = "ShippingMethod"};

// Medusa 1.20: GET /admin/orders
void list_orders(Context& context) {
  const Presentation view = admin_view(context.call.flags, context.query(), query::Many::yes);
  query::Read read{.entity = &schema::get("Order"), .selection = to_load(view), .order = view.order, .count = true};
  http::add_page(context.query(), kDefaultLimit, read);
  auto filters = admin_filters();
  const Json& q = context.query()["q"];
  if (q.truthy()) {
    std::erase_if(filters, [](const http::Filter& f) { return f.name == "display_id" || f.name == "email"; });
    query::add_sql(read, kSearch, "%" + q.as_string() + "%");
  }
  http::add_conditions(filters, context.query(), read);
  const auto tree = query::read(context.call.db(), context.call.flags, read, context.call.counts);
  std::string json;
  base::JsonWriter w(json);
  w.open_object().key("orders").open_array();
  for (const auto& row : tree.rows<table::Order>()) w.raw(to_json(context.call, view, row, Level::list));
  const Json& limit = context.query()["limit"];
  w.close_array().key("count").integer(tree.count).key("offset").integer(read.offset);
  w.key("limit").integer(limit.is_number() ? limit.as_int() : kDefaultLimit).close_object();
  context.json(std::move(json));
}

// Medusa 1.20: GET /admin/orders/:id
void get_order(Context& context) {
  const Presentation view =
      resolve(context.call.flags, admin_grammar(context.call.flags), context.query(), query::Many::no);
  context.json(enveloped(retrieve(context.call, view, context.param("id"))));
}

// The order after a change, shown whole.
void answer(Context& context, const Presentation& view) {
  context.json(enveloped(retrieve(context.call, view, context.param("id"))));
}
Presentation changed_view(const Context& context) { return order::changed_view(context.call.flags, context.query()); }

// Medusa 1.20: POST /admin/orders/:id/capture
void capture(Context& context) {
  const Presentation view = changed_view(context);
  capture_payment(context.call, context.param("id"));
  answer(context, view);
}

std::optional<bool> optional_boolean(const Json& value) {
  return value.is_bool() ? std::optional(value.as_bool()) : std::nullopt;
}

// Medusa 1.20: POST /admin/orders/:id
void update_order(Context& context) {
  const Presentation view = changed_view(context);
  update(context.call, context.param("id"), context.body());
  answer(context, view);
}

// Medusa 1.20: POST /admin/orders/:id/complete
void complete_order(Context& context) {
  const Presentation view = changed_view(context);
  complete(context.call, context.param("id"));
  answer(context, view);
}

// Medusa 1.20: POST /admin/orders/:id/archive
void archive_order(Context& context) {
  const Presentation view = changed_view(context);
  archive(context.call, context.param("id"));
  answer(context, view);
}

// Medusa 1.20: POST /admin/orders/:id/cancel
void cancel_order(Context& context) {
  const Presentation view = changed_view(context);
  order::cancel(context.call, context.param("id"));
  answer(context, view);
}

// Medusa 1.20: POST /admin/orders/:id/refund. With an Idempotency-Key, which 1.20 doesn't look at here, two clicks refund once.
void refund_order(Context& context) {
  const Presentation view = changed_view(context);
  const Json& body = context.body();
  const auto& id = context.param("id");
  payment::RefundWish wish{.amount = body["amount"].as_int(), .reason = body["reason"].as_string()};
  if (body["note"].is_string()) wish.note = body["note"].as_string();
  if (const auto key = context.request.header("idempotency-key"); !key.empty())
    wish.purpose = fmt::format("request {:016x}", base::keyed_hash(key, {.first = 1, .second = 2}));
  idempotency::run_if_keyed(context, [&] {
    return context.call.atomic([&]() -> idempotency::Reply {
      refund(context.call, id, wish, optional_boolean(body["no_notification"]));
      return {200, enveloped(retrieve(context.call, view, id))};
    });
  });
}

// Medusa 1.20: POST /admin/orders/:id/shipping-methods
void change_shipping(Context& context) {
  const Presentation view = changed_view(context);
  const Json& body = context.body();
  ShippingWish wish{.option_id = body["option_id"].as_string(), .price = body["price"].as_int()};
  if (body["data"].is_object()) wish.data = body["data"];
  add_shipping_method(context.call, context.param("id"), wish);
  answer(context, view);
}

// Medusa 1.20: POST /admin/orders/:id/fulfillment
void fulfill(Context& context) {
  const Presentation view = changed_view(context);
  const Json& body = context.body();
  FulfillmentWish wish{.metadata = body["metadata"].is_nullish() ? Json::object() : body["metadata"],
                       .no_notification = optional_boolean(body["no_notification"])};
  if (body["location_id"].is_string()) wish.location_id = body["location_id"].as_string();
  for (const auto& item : body["items"].as_array())
    wish.items.push_back({item["item_id"].as_string(), item["quantity"].as_int()});
  create_fulfillment(context.call, context.param("id"), wish);
  answer(context, view);
}

// Medusa 1.20: POST /admin/orders/:id/shipment
void ship(Context& context) {
  const Presentation view = changed_view(context);
  const Json& body = context.body();
  ShipmentWish wish{.fulfillment_id = body["fulfillment_id"].as_string(),
                    .no_notification = optional_boolean(body["no_notification"])};
  if (body["tracking_numbers"].is_array())
    for (const auto& number : body["tracking_numbers"].as_array()) wish.tracking_numbers.push_back(number.as_string());
  create_shipment(context.call, context.param("id"), wish);
  answer(context, view);
}

// Medusa 1.20: POST /admin/orders/:id/fulfillments/:fulfillment_id/cancel
void cancel_packing(Context& context) {
  const Presentation view = changed_view(context);
  cancel_fulfillment(context.call, context.param("id"), context.param("fulfillment_id"));
  answer(context, view);
}

} // namespace

http::Routes admin_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  return {{get, "/admin/orders", list_orders, admin, &list_rules()},
          {get, "/admin/orders/:id", get_order, admin, &kFindRules},
          {post, "/admin/orders/:id", update_order, admin, &kFindRules, &kUpdateRules},
          {post, "/admin/orders/:id/complete", complete_order, admin, &kFindRules},
          {post, "/admin/orders/:id/archive", archive_order, admin, &kFindRules},
          {post, "/admin/orders/:id/cancel", cancel_order, admin, &kFindRules},
          {post, "/admin/orders/:id/refund", refund_order, admin, &kFindRules, &kRefundRules},
          {post, "/admin/orders/:id/shipping-methods", change_shipping, admin, &kFindRules, &kMethodRules},
          {post, "/admin/orders/:id/capture", capture, admin, &kFindRules},
          {post, "/admin/orders/:id/fulfillment", fulfill, admin, &kFindRules, &kFulfillmentRules},
          {post, "/admin/orders/:id/fulfillments/:fulfillment_id/cancel", cancel_packing, admin, &kFindRules},
          {post, "/admin/orders/:id/shipment", ship, admin, &kFindRules, &kShipmentRules}};
}

} // namespace commerce::order
