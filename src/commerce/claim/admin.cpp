#include "commerce/claim/admin.hpp"
#include "commerce/address_rules.hpp"
#include "commerce/claim/service.hpp"
#include "commerce/claim/states.hpp"
#include "commerce/idempotency/routes.hpp"
#include "commerce/order/shown.hpp"
#include "commerce/values.hpp"
#include "rules/rules.hpp"
#include <algorithm>

namespace commerce::claim {
namespace {

using base::Json;
using http::Context;
using http::Is;
using http::Presence;
using order::Presentation;

// --- what a body may say -------------------------------------------------------------------------------------------

const http::Rules kFindRules{{{"expand", Is::string, Presence::optional}, {"fields", Is::string, Presence::optional}}};

// 1.20 claims no unit, and sends one where none is asked for.
void check_quantity(const Json& item, std::vector<std::string>& problems) {
  if (item["quantity"] == Json(0)) problems.push_back("quantity must be a positive number");
}
const http::Rules kItemRules{
    .rows = {{"item_id", Is::string, Presence::not_empty_first},
             {"quantity", Is::integer, Presence::not_empty_first},
             {"note", Is::string, Presence::optional},
             {.name = "reason", .is = Is::enumeration, .presence = Presence::optional, .values = values_of(kReasons)},
             {"tags", Is::string_array, Presence::optional},
             {"images", Is::string_array, Presence::optional}},
    .extra = check_quantity,
    .of = "ClaimItem"};
const http::Rules kReturnShippingRules{
    .rows = {{"option_id", Is::string, Presence::optional}, {"price", Is::integer, Presence::optional}},
    .of = "ShippingMethod"};
const http::Rules kAdditionalRules{.rows = {{"variant_id", Is::string, Presence::not_empty_first},
                                            {"quantity", Is::integer, Presence::not_empty_first}},
                                   .extra = check_quantity,
                                   .of = "LineItem"};
const http::Rules kMethodRules{.rows = {{"id", Is::string, Presence::optional},
                                        {"option_id", Is::string, Presence::optional},
                                        {"price", Is::integer, Presence::optional},
                                        {"data", Is::object, Presence::optional}},
                               .of = "ShippingMethod"};
const http::Rules kCreateRules{.rows = {{.name = "type",
                                         .is = Is::enumeration,
                                         .presence = Presence::not_empty_first,
                                         .values = values_of(kTypes)},
                                        {"claim_items", Is::array, Presence::not_empty_first, &kItemRules},
                                        {"return_shipping", Is::nested, Presence::optional, &kReturnShippingRules},
                                        {"additional_items", Is::array, Presence::optional, &kAdditionalRules},
                                        {"shipping_methods", Is::array, Presence::optional, &kMethodRules},
                                        {"refund_amount", Is::integer, Presence::optional},
                                        {"shipping_address", Is::nested, Presence::optional, &kAddressRules},
                                        {"no_notification", Is::boolean, Presence::optional},
                                        {"return_location_id", Is::string, Presence::optional},
                                        {"metadata", Is::object, Presence::optional}},
                               .of = "ClaimOrder"};

// 1.20 takes any text for a reason, and answers 500.
void check_reason(const Json& item, std::vector<std::string>& problems) {
  const Json& reason = item["reason"];
  if (reason.is_string() && !reason.as_string().empty() &&
      std::find(kReasons.begin(), kReasons.end(), reason.as_string()) == kReasons.end())
    problems.push_back(
        "reason must be one of the following values: missing_item, wrong_item, production_failure, other");
}
const http::Rules kImageRules{{{"id", Is::string, Presence::optional}, {"url", Is::string, Presence::optional}}};
const http::Rules kTagRules{{{"id", Is::string, Presence::optional}, {"value", Is::string, Presence::optional}}};
const http::Rules kChangedItemRules{.rows = {{"id", Is::string, Presence::not_empty_first},
                                             {"note", Is::string, Presence::optional},
                                             {"reason", Is::string, Presence::optional},
                                             {"images", Is::array, Presence::required, &kImageRules},
                                             {"tags", Is::array, Presence::required, &kTagRules},
                                             {"metadata", Is::object, Presence::optional}},
                                    .extra = check_reason,
                                    .of = "ClaimItem"};
const http::Rules kUpdateRules{.rows = {{"claim_items", Is::array, Presence::optional, &kChangedItemRules},
                                        {"shipping_methods", Is::array, Presence::optional, &kMethodRules},
                                        {"no_notification", Is::boolean, Presence::optional},
                                        {"metadata", Is::object, Presence::optional}},
                               .of = "ClaimOrder"};
const http::Rules kFulfillmentRules{{{"metadata", Is::object, Presence::optional},
                                     {"no_notification", Is::boolean, Presence::optional},
                                     {"location_id", Is::string, Presence::optional}}};
const http::Rules kShipmentRules{{{"fulfillment_id", Is::string, Presence::not_empty_first},
                                  {"tracking_numbers", Is::string_array, Presence::optional}}};

// --- from a body to a wish -----------------------------------------------------------------------------------------

std::optional<bool> optional_boolean(const Json& value) {
  return value.is_bool() ? std::optional(value.as_bool()) : std::nullopt;
}
std::optional<base::Amount> optional_amount(const Json& value) {
  return value.is_number() ? std::optional(value.as_int()) : std::nullopt;
}
std::vector<WishedMethod> methods_of(const Json& list) {
  std::vector<WishedMethod> methods;
  for (const auto& method : elements_of(list))
    methods.push_back({.id = optional_text(method["id"]).value_or(""),
                       .option_id = optional_text(method["option_id"]).value_or(""),
                       .price = optional_amount(method["price"]),
                       .data = method["data"].is_object() ? method["data"] : Json::object()});
  return methods;
}

Wish wish_of(const Json& body) {
  Wish wish{.type = body["type"] == Json("replace") ? Type::replace : Type::refund,
            .methods = methods_of(body["shipping_methods"]),
            .refund_amount = body["refund_amount"],
            .shipping_address = body["shipping_address"],
            .no_notification = optional_boolean(body["no_notification"]),
            .return_location_id = optional_text(body["return_location_id"]),
            .metadata = body["metadata"]};
  for (const auto& item : elements_of(body["claim_items"]))
    wish.items.push_back({.item_id = item["item_id"].as_string(),
                          .quantity = item["quantity"].as_int(),
                          .reason = optional_text(item["reason"]).value_or(""),
                          .note = optional_text(item["note"]),
                          .tags = texts_of(item["tags"]),
                          .images = texts_of(item["images"])});
  for (const auto& item : elements_of(body["additional_items"]))
    wish.additional.push_back({item["variant_id"].as_string(), item["quantity"].as_int(), {}});
  if (const Json& shipping = body["return_shipping"]; shipping.is_object())
    wish.return_shipping = {optional_text(shipping["option_id"]).value_or(""), optional_amount(shipping["price"])};
  return wish;
}

// --- the routes ----------------------------------------------------------------------------------------------------

Presentation view_of(const Context& context) { return order::changed_view(context.call.flags, context.query()); }
std::string answer_of(Context& context, const Presentation& view) {
  return order::enveloped(order::retrieve(context.call, view, context.param("id")));
}

// Medusa 1.20: POST /admin/orders/:id/claims
void create_claim(Context& context) {
  const Presentation view = view_of(context);
  Wish wish = wish_of(context.body());
  idempotency::run_with_key(context, [&](const idempotency::Key& key) {
    wish.idempotency_key = key.name;
    return context.call.atomic([&]() -> idempotency::Reply {
      create(context.call, context.param("id"), wish);
      return {200, answer_of(context, view)};
    });
  });
}

// Medusa 1.20: POST /admin/orders/:id/claims/:claim_id
void update_claim(Context& context) {
  const Presentation view = view_of(context);
  const Json& body = context.body();
  Changes changes{.metadata = body["metadata"],
                  .no_notification = optional_boolean(body["no_notification"]),
                  .items = elements_of(body["claim_items"])};
  if (body["shipping_methods"].is_array()) changes.methods = methods_of(body["shipping_methods"]);
  update(context.call, context.param("id"), context.param("claim_id"), changes);
  context.json(answer_of(context, view));
}

// Medusa 1.20: POST /admin/orders/:id/claims/:claim_id/cancel
void cancel_claim(Context& context) {
  const Presentation view = view_of(context);
  cancel(context.call, context.param("id"), context.param("claim_id"));
  context.json(answer_of(context, view));
}

// Medusa 1.20: POST /admin/orders/:id/claims/:claim_id/fulfillments
void fulfill_claim(Context& context) {
  const Presentation view = view_of(context);
  const Json& body = context.body();
  create_fulfillment(context.call, context.param("id"), context.param("claim_id"),
                     {.metadata = body["metadata"].is_object() ? body["metadata"] : Json(nullptr),
                      .no_notification = optional_boolean(body["no_notification"]),
                      .location_id = optional_text(body["location_id"])});
  context.json(answer_of(context, view));
}

// Medusa 1.20: POST /admin/orders/:id/claims/:claim_id/fulfillments/:fulfillment_id/cancel
void unpack_claim(Context& context) {
  const Presentation view = view_of(context);
  cancel_fulfillment(context.call, context.param("id"), context.param("claim_id"), context.param("fulfillment_id"));
  context.json(answer_of(context, view));
}

// Medusa 1.20: POST /admin/orders/:id/claims/:claim_id/shipments
void ship_claim(Context& context) {
  const Presentation view = view_of(context);
  const Json& body = context.body();
  create_shipment(context.call, context.param("id"), context.param("claim_id"), body["fulfillment_id"].as_string(),
                  texts_of(body["tracking_numbers"]));
  context.json(answer_of(context, view));
}

} // namespace

http::Routes admin_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  return {
      {post, "/admin/orders/:id/claims", create_claim, admin, &kFindRules, &kCreateRules},
      {post, "/admin/orders/:id/claims/:claim_id", update_claim, admin, &kFindRules, &kUpdateRules},
      {post, "/admin/orders/:id/claims/:claim_id/cancel", cancel_claim, admin, &kFindRules},
      {post, "/admin/orders/:id/claims/:claim_id/fulfillments", fulfill_claim, admin, &kFindRules, &kFulfillmentRules},
      {post, "/admin/orders/:id/claims/:claim_id/fulfillments/:fulfillment_id/cancel", unpack_claim, admin,
       &kFindRules},
      {post, "/admin/orders/:id/claims/:claim_id/shipments", ship_claim, admin, &kFindRules, &kShipmentRules}};
}

} // namespace commerce::claim
