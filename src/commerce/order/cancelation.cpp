#include "commerce/order/cancelation.hpp"
#include "base/error.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/claim/tables.hpp"
#include "commerce/fulfillment/tables.hpp"
#include "commerce/order/locked.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/payment/tables.hpp"
#include "commerce/returns/tables.hpp"
#include "commerce/stock/unsold.hpp"
#include "commerce/swap/tables.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::order {

using base::Error;
using query::RowOf;

namespace {

// What has begun must have been called off first.
void refuse_begun(const RowOf<table::Order>& order) {
  if (!order.many<table::Refund>("refunds").empty())
    throw Error::not_allowed("Order with refund(s) cannot be canceled");
  const auto all_canceled = [](const char* what, const auto& rows, auto&& canceled) {
    if (!std::all_of(rows.begin(), rows.end(), canceled))
      throw Error::not_allowed("All " + std::string(what) + " must be canceled before canceling an order");
  };
  const auto has_time = [](const auto& row) { return !row.is_null("canceled_at"); };
  all_canceled("fulfillments", order.many<table::Fulfillment>("fulfillments"), has_time);
  all_canceled("returns", order.many<table::Return>("returns"),
               [](const auto& row) { return row.text("status") == "canceled"; });
  all_canceled("swaps", order.many<table::Swap>("swaps"), has_time);
  all_canceled("claims", order.many<table::ClaimOrder>("claims"), has_time);
}

} // namespace

void cancel(ports::Call& call, std::string_view order_id) {
  call.atomic([&] {
    // 1. Load and lock the order with all that may speak against it.
    const auto tree =
        lock(call, order_id, {"refunds", "fulfillments", "payments", "returns", "claims", "swaps", "items"});
    const auto order = *tree.first<table::Order>();
    if (order.text("status") == act::cancel.becomes) return;
    refuse_begun(order);
    // 2. What was sold may be sold again.
    std::vector<stock::Moved> unsold;
    for (const auto& item : order.many<table::LineItem>("items"))
      if (!item.is_null("variant_id"))
        unsold.push_back({item.str("id"), item.str("variant_id"), item.str("title"), item.integer("quantity")});
    stock::undo_sale(call, unsold);
    // 3. The order's states, and its payments, whose providers are asked last.
    call.write_last(query::update(schema::get("Order"), order_id,
                                  base::JsonObject{{"status", act::cancel.becomes},
                                                   {"fulfillment_status", "canceled"},
                                                   {"payment_status", "canceled"},
                                                   {"canceled_at", base::iso_time(base::now())}}));
    call.emit("order.canceled",
              base::JsonObject{{"id", std::string(order_id)}, {"no_notification", notification(std::nullopt, order)}});
    payment::cancel(call, order.many<table::Payment>("payments"));
  });
}

} // namespace commerce::order
