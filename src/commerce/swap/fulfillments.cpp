#include "commerce/swap/fulfillments.hpp"
#include "base/error.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/fulfillment/service.hpp"
#include "commerce/fulfillment/tables.hpp"
#include "commerce/order/locked.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/swap/locked.hpp"
#include "commerce/swap/states.hpp"
#include "commerce/swap/tables.hpp"
#include "query/row_of.hpp"

namespace commerce::swap {

using base::Error;
using base::Json;
using fulfillment::Owner;
using ports::Call;
using query::RowOf;

void create_fulfillment(Call& call, std::string_view order_id, std::string_view swap_id, const FulfillmentWish& wish) {
  call.atomic([&] {
    // 1. Load and lock the swap with all that its provider is told.
    const auto tree =
        lock(call, order_id, swap_id,
             {"payment", "shipping_address", "additional_items.tax_lines", "additional_items.variant.product.profiles",
              "shipping_methods.shipping_option", "shipping_methods.tax_lines", "order.region", "order.billing_address",
              "order.discounts.rule", "order.payments"});
    const auto swap = *tree.first<table::Swap>();
    check(act::fulfill, state_of(swap));
    check(act::pack, swap.text("fulfillment_status"));
    const auto methods = swap.many<table::ShippingMethod>("shipping_methods");
    if (methods.empty()) throw Error::not_allowed("Cannot fulfill an swap that doesn't have shipping methods");
    // 2. Pack all of it.
    const Json no_notification = order::notification(wish.no_notification, swap);
    const auto items = swap.many<table::LineItem>("additional_items");
    fulfillment::create(call,
                        {.owner = Owner::swap,
                         .id = std::string(swap_id),
                         .items = items,
                         .methods = methods,
                         .shown = fulfillment::order_like(swap, Owner::swap, no_notification)},
                        {.parts = fulfillment::all_units(items),
                         .metadata = wish.metadata,
                         .no_notification = {},
                         .location_id = wish.location_id});
    // Quirk: the fulfillment's id is the swap's.
    call.emit("swap.fulfillment_created", base::JsonObject{{"id", std::string(swap_id)},
                                                           {"fulfillment_id", std::string(swap_id)},
                                                           {"no_notification", no_notification}});
  });
}

void cancel_fulfillment(Call& call, std::string_view order_id, std::string_view swap_id,
                        std::string_view fulfillment_id) {
  call.atomic([&] {
    const auto loaded = fulfillment::load(call, fulfillment_id);
    // Quirk: the order's id stands for the swap's.
    if (!fulfillment::belongs_to(*loaded.first<table::Fulfillment>(), Owner::swap, swap_id))
      throw Error::not_found("no fulfillment was found with the id: " + std::string(fulfillment_id) +
                             " related to swap: " + std::string(order_id));
    const auto tree = lock(call, order_id, swap_id, {"additional_items"});
    // Once more, as it may have changed before the order was locked.
    const auto fresh = fulfillment::load(call, fulfillment_id);
    fulfillment::cancel(call,
                        {.owner = Owner::swap,
                         .id = std::string(swap_id),
                         .items = tree.first<table::Swap>()->many<table::LineItem>("additional_items")},
                        *fresh.first<table::Fulfillment>());
  });
}

void create_shipment(Call& call, std::string_view order_id, std::string_view swap_id, const ShipmentWish& wish) {
  call.atomic([&] {
    // 1. Load and lock the swap; load the fulfillment, which must be the swap's (1.20 takes any).
    const auto tree = lock(call, order_id, swap_id, {"additional_items"});
    const auto swap = *tree.first<table::Swap>();
    check(act::ship, state_of(swap));
    const auto loaded = fulfillment::load(call, wish.fulfillment_id);
    if (!fulfillment::belongs_to(*loaded.first<table::Fulfillment>(), Owner::swap, swap_id))
      throw Error::not_found("no fulfillment was found with the id: " + wish.fulfillment_id +
                             " related to swap: " + std::string(swap_id));
    // 2. It is on its way.
    fulfillment::ship(
        call,
        {.owner = Owner::swap, .id = std::string(swap_id), .items = swap.many<table::LineItem>("additional_items")},
        *loaded.first<table::Fulfillment>(), wish.tracking_numbers, order::notification(wish.no_notification, swap));
    // Quirk: the event says what the swap does, whatever was wished.
    call.emit("swap.shipment_created", base::JsonObject{{"id", std::string(swap_id)},
                                                        {"fulfillment_id", wish.fulfillment_id},
                                                        {"no_notification", order::notification(std::nullopt, swap)}});
  });
}

} // namespace commerce::swap
