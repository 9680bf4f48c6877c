#include "commerce/order/cancelation.hpp"
#include "base/error.hpp"
#include "commerce/order/locked.hpp"
#include "commerce/stock/unsold.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::order {

using base::Error;
using query::Row;

namespace {

// What has begun must have been called off first.
void refuse_begun(const Row& order) {
  if (!order.many("refunds").empty()) throw Error::not_allowed("Order with refund(s) cannot be canceled");
  const auto all_canceled = [&](const char* relation, auto&& canceled) {
    const auto rows = order.many(relation);
    if (!std::all_of(rows.begin(), rows.end(), canceled))
      throw Error::not_allowed("All " + std::string(relation) + " must be canceled before canceling an order");
  };
  const auto has_time = [](const Row& row) { return !row.is_null("canceled_at"); };
  all_canceled("fulfillments", has_time);
  all_canceled("returns", [](const Row& row) { return row.text("status") == "canceled"; });
  all_canceled("swaps", has_time);
  all_canceled("claims", has_time);
}

} // namespace

void cancel(ports::Call& call, std::string_view order_id) {
  call.atomic([&] {
    // 1. Load and lock the order with all that may speak against it.
    const auto tree =
        lock(call, order_id, {"refunds", "fulfillments", "payments", "returns", "claims", "swaps", "items"});
    const Row order = *tree.first();
    if (order.text("status") == "canceled") return;
    refuse_begun(order);
    // 2. What was sold may be sold again.
    std::vector<stock::Moved> unsold;
    for (const Row& item : order.many("items"))
      if (!item.is_null("variant_id"))
        unsold.push_back({item.str("id"), item.str("variant_id"), item.str("title"), item.integer("quantity")});
    stock::undo_sale(call, unsold);
    // 3. The order's states, and its payments, whose providers are asked last.
    call.write_last(query::update(schema::get("Order"), order_id,
                                  base::JsonObject{{"status", "canceled"},
                                                   {"fulfillment_status", "canceled"},
                                                   {"payment_status", "canceled"},
                                                   {"canceled_at", base::iso_time(base::now())}}));
    call.emit("order.canceled",
              base::JsonObject{{"id", std::string(order_id)}, {"no_notification", notification(std::nullopt, order)}});
    payment::cancel(call, order.many("payments"));
  });
}

} // namespace commerce::order
