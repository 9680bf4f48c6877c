#include "commerce/swap/admin.hpp"
#include "commerce/idempotency/routes.hpp"
#include "commerce/order/shown.hpp"
#include "commerce/swap/fulfillments.hpp"
#include "commerce/swap/rules.hpp"
#include "commerce/swap/service.hpp"
#include "commerce/values.hpp"

namespace commerce::swap {
namespace {

using base::Json;
using http::Context;
using http::Is;
using http::Presence;

const http::Rules kFindRules{{{"expand", Is::string, Presence::optional}, {"fields", Is::string, Presence::optional}}};
const http::Rules kShippingRules{
    .rows = {{"option_id", Is::string, Presence::not_empty_first}, {"price", Is::integer, Presence::optional}},
    .of = "ShippingMethod"};
const http::Rules kCustomOptionRules{
    .rows = {{"option_id", Is::string, Presence::not_empty_first}, {"price", Is::integer, Presence::not_empty_first}},
    .of = "CustomShippingOption"};
const http::Rules kCreateRules{{{"return_items", Is::array, Presence::not_empty_first, &kReturnItemRules},
                                {"return_shipping", Is::nested, Presence::optional, &kShippingRules},
                                {"sales_channel_id", Is::string, Presence::optional},
                                {"additional_items", Is::array, Presence::optional, &kAdditionalItemRules},
                                {"custom_shipping_options", Is::array, Presence::optional, &kCustomOptionRules},
                                {"no_notification", Is::boolean, Presence::optional},
                                {"return_location_id", Is::string, Presence::optional},
                                {"allow_backorder", Is::boolean, Presence::optional}}};
const http::Rules kFulfillmentRules{{{"metadata", Is::object, Presence::optional},
                                     {"no_notification", Is::boolean, Presence::optional},
                                     {"location_id", Is::string, Presence::optional}}};
const http::Rules kShipmentRules{{{"fulfillment_id", Is::string, Presence::not_empty_first},
                                  {"tracking_numbers", Is::string_array, Presence::optional},
                                  {"no_notification", Is::boolean, Presence::optional}}};

std::optional<bool> boolean_of(const Json& value) {
  return value.is_bool() ? std::optional(value.as_bool()) : std::nullopt;
}

order::Presentation view_of(const Context& context) { return order::changed_view(context.call.flags, context.query()); }

void answer(Context& context, const order::Presentation& view) {
  context.json(order::enveloped(order::retrieve(context.call, view, context.param("id"))));
}

// Medusa 1.20: POST /admin/orders/:id/swaps. Here `expand` may name returnable_items.
void create_swap(Context& context) {
  const auto& flags = context.call.flags;
  const auto view = order::whole(order::resolve(flags, order::admin_grammar(flags), context.query(), query::Many::no));
  const Json& body = context.body();
  Wish wish{.order_id = context.param("id"),
            .return_items = return_items_of(body),
            .additional_items = additional_items_of(body),
            .no_notification = boolean_of(body["no_notification"]),
            .allow_backorder = boolean_of(body["allow_backorder"]).value_or(true),
            .return_location_id = optional_text(body["return_location_id"]),
            .sales_channel_id = optional_text(body["sales_channel_id"])};
  if (const Json& shipping = body["return_shipping"]; shipping.is_object())
    wish.return_shipping = {shipping["option_id"].as_string(),
                            shipping["price"].is_number() ? std::optional(shipping["price"].as_int()) : std::nullopt};
  if (body["custom_shipping_options"].is_array())
    for (const auto& option : body["custom_shipping_options"].as_array())
      wish.custom_shipping_options.push_back({option["option_id"].as_string(), option["price"].as_int()});
  idempotency::run_with_key(context, [&](const idempotency::Key& key) {
    wish.idempotency_key = key.name;
    return context.call.atomic([&]() -> idempotency::Reply {
      create(context.call, wish);
      return {200, order::enveloped(order::retrieve(context.call, view, wish.order_id))};
    });
  });
}

// Medusa 1.20: POST /admin/orders/:id/swaps/:swap_id/cancel
void cancel_swap(Context& context) {
  const auto view = view_of(context);
  cancel(context.call, context.param("id"), context.param("swap_id"));
  answer(context, view);
}

// Medusa 1.20: POST /admin/orders/:id/swaps/:swap_id/process-payment
void settle(Context& context) {
  const auto view = view_of(context);
  process_payment(context.call, context.param("id"), context.param("swap_id"));
  answer(context, view);
}

// Medusa 1.20: POST /admin/orders/:id/swaps/:swap_id/fulfillments
void fulfill(Context& context) {
  const auto view = view_of(context);
  const Json& body = context.body();
  create_fulfillment(context.call, context.param("id"), context.param("swap_id"),
                     {.metadata = body["metadata"].is_object() ? body["metadata"] : Json(nullptr),
                      .no_notification = boolean_of(body["no_notification"]),
                      .location_id = optional_text(body["location_id"])});
  answer(context, view);
}

// Medusa 1.20: POST /admin/orders/:id/swaps/:swap_id/fulfillments/:fulfillment_id/cancel
void unpack(Context& context) {
  const auto view = view_of(context);
  cancel_fulfillment(context.call, context.param("id"), context.param("swap_id"), context.param("fulfillment_id"));
  answer(context, view);
}

// Medusa 1.20: POST /admin/orders/:id/swaps/:swap_id/shipments
void ship(Context& context) {
  const auto view = view_of(context);
  const Json& body = context.body();
  ShipmentWish wish{.fulfillment_id = body["fulfillment_id"].as_string(),
                    .no_notification = boolean_of(body["no_notification"])};
  if (body["tracking_numbers"].is_array())
    for (const auto& number : body["tracking_numbers"].as_array()) wish.tracking_numbers.push_back(number.as_string());
  create_shipment(context.call, context.param("id"), context.param("swap_id"), wish);
  answer(context, view);
}

} // namespace

http::Routes order_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  return {{post, "/admin/orders/:id/swaps", create_swap, admin, &kFindRules, &kCreateRules},
          {post, "/admin/orders/:id/swaps/:swap_id/cancel", cancel_swap, admin, &kFindRules},
          {post, "/admin/orders/:id/swaps/:swap_id/fulfillments", fulfill, admin, &kFindRules, &kFulfillmentRules},
          {post, "/admin/orders/:id/swaps/:swap_id/fulfillments/:fulfillment_id/cancel", unpack, admin, &kFindRules},
          {post, "/admin/orders/:id/swaps/:swap_id/process-payment", settle, admin, &kFindRules},
          {post, "/admin/orders/:id/swaps/:swap_id/shipments", ship, admin, &kFindRules, &kShipmentRules}};
}

} // namespace commerce::swap
