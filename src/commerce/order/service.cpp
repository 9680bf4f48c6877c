#include "commerce/order/service.hpp"
#include "base/error.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/fulfillment/service.hpp"
#include "commerce/fulfillment/tables.hpp"
#include "commerce/order/locked.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/payment/payments.hpp"
#include "commerce/payment/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include "ports/outside.hpp"
#include "ports/payment_provider.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"

namespace commerce::order {

using base::Error;
using base::Json;
using fulfillment::Owner;
using ports::Call;
using query::RowOf;

namespace {

fulfillment::Subject subject_of(const RowOf<table::Order>& order) {
  return {.id = order.str("id"), .items = order.many<table::LineItem>("items")};
}

} // namespace

void capture_payment(Call& call, std::string_view order_id) {
  call.atomic([&] {
    // 1. Load and lock the order with its payments.
    const auto tree = lock(call, order_id, {"payments"});
    const auto order = *tree.first<table::Order>();
    check(act::capture, order);
    const Json no_notification = notification(std::nullopt, order);
    // 2. Capture what has not been captured. A provider that fails leaves its payment open and is told of by an event.
    const std::string now = base::iso_time(base::now());
    base::JsonArray captured;
    bool all = true;
    for (const auto& payment : order.many<table::Payment>("payments")) {
      if (!payment.is_null("captured_at")) continue;
      try {
        const auto& provider = ports::payment_provider(payment.text("provider_id"));
        captured.push_back(base::JsonObject{{"id", payment.str("id")},
                                            {"data", provider.capture(call, commerce::payment::at_provider(payment))},
                                            {"captured_at", now}});
      } catch (const ports::ProviderError& error) {
        all = false;
        call.emit("order.payment_capture_failed",
                  base::JsonObject{{"id", std::string(order_id)},
                                   {"payment_id", payment.str("id")},
                                   {"error", base::JsonObject{{"type", base::error_type_name(error.type)},
                                                              {"message", error.what()}}},
                                   {"no_notification", no_notification}});
      }
    }
    if (!captured.empty()) call.write_last(query::update_each(schema::get("Payment"), captured));
    // 3. The order's payment status.
    call.write_last(query::update(schema::get("Order"), order_id,
                                  base::JsonObject{{"payment_status", all ? "captured" : "requires_action"}}));
    if (all)
      call.emit("order.payment_captured",
                base::JsonObject{{"id", std::string(order_id)}, {"no_notification", no_notification}});
  });
}

void create_fulfillment(Call& call, std::string_view order_id, const FulfillmentWish& wish) {
  call.atomic([&] {
    // 1. Load and lock the order.
    const auto tree = lock(call, order_id,
                           {"items.variant.product.profiles", "shipping_methods.shipping_option", "shipping_address",
                            "billing_address", "discounts.rule", "region", "fulfillments", "payments"});
    const auto order = *tree.first<table::Order>();
    check(act::fulfill, order);
    const auto methods = order.many<table::ShippingMethod>("shipping_methods");
    if (methods.empty()) throw Error::not_allowed("Cannot fulfill an order that lacks shipping methods");

    // 2. Pack the items: a fulfillment for each method.
    auto subject = subject_of(order);
    subject.methods = methods;
    subject.shown = base::parse_json(query::row_json(order));
    const auto fulfillments = fulfillment::create(call, subject,
                                                  {.parts = wish.items,
                                                   .metadata = wish.metadata,
                                                   .no_notification = wish.no_notification,
                                                   .location_id = wish.location_id});
    for (const auto& id : fulfillments)
      call.emit("order.fulfillment_created",
                base::JsonObject{{"id", std::string(order_id)},
                                 {"fulfillment_id", id},
                                 {"no_notification", notification(wish.no_notification, order)}});
  });
}

void cancel_fulfillment(Call& call, std::string_view order_id, std::string_view fulfillment_id) {
  call.atomic([&] {
    // 1. Load and lock the order of the fulfillment.
    query::Read order_read{
        .entity = &schema::get("Order"), .selection = query::select({}, {"items"}), .for_update = true};
    const auto orders = query::read_one(call.db(), call.flags, order_read, order_id);
    const auto tree = fulfillment::load(call, fulfillment_id);
    const auto parcel = *tree.first<table::Fulfillment>();
    if (!fulfillment::belongs_to(parcel, Owner::order, order_id) || !orders.first())
      throw Error::not_found("no fulfillment was found with the id: " + std::string(fulfillment_id) +
                             " related to order: " + std::string(order_id));
    // 2. Unpack it.
    if (!fulfillment::cancel(call, subject_of(*orders.first<table::Order>()), parcel)) return;
    call.emit("order.fulfillment_canceled", base::JsonObject{{"id", std::string(order_id)},
                                                             {"fulfillment_id", std::string(fulfillment_id)},
                                                             {"no_notification", notification(std::nullopt, parcel)}});
  });
}

void create_shipment(Call& call, std::string_view order_id, const ShipmentWish& wish) {
  call.atomic([&] {
    // 1. Load and lock the order; load the fulfillment.
    const auto tree = lock(call, order_id, {"items"});
    const auto order = *tree.first<table::Order>();
    const auto fulfillments = fulfillment::load(call, wish.fulfillment_id);
    const auto parcel = *fulfillments.first<table::Fulfillment>();
    check(act::ship, order);
    if (!fulfillment::belongs_to(parcel, Owner::order, order_id)) throw Error::not_found("Could not find fulfillment");
    // 2. Send it.
    const Json no_notification = notification(wish.no_notification, parcel);
    fulfillment::ship(call, subject_of(order), parcel, wish.tracking_numbers, no_notification);
    call.emit("order.shipment_created", base::JsonObject{{"id", std::string(order_id)},
                                                         {"fulfillment_id", wish.fulfillment_id},
                                                         {"no_notification", no_notification}});
  });
}

} // namespace commerce::order
