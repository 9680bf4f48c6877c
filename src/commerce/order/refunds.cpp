#include "commerce/order/refunds.hpp"
#include "base/error.hpp"
#include "commerce/order/locked.hpp"
#include "query/write.hpp"

namespace commerce::order {

using base::Error;
using query::Row;

namespace {

base::Amount sum_of(const std::vector<Row>& rows) {
  base::Amount sum = 0;
  for (const Row& row : rows) sum += row.integer("amount");
  return sum;
}

} // namespace

std::optional<std::string_view> status_after_refund(base::Amount paid, base::Amount refunded) {
  if (paid > 0 && refunded == paid) return "refunded";
  if (refunded > 0 && refunded < paid) return "partially_refunded";
  return std::nullopt;
}

void refund(ports::Call& call, std::string_view order_id, const payment::RefundWish& wish,
            const std::optional<bool>& no_notification) {
  call.atomic([&] {
    // 1. Load and lock the order with what was paid and what has gone back.
    const auto tree = lock(call, order_id, {"payments", "refunds"}, Reads::totals);
    const Row order = *tree.first();
    refuse_canceled(order, "A canceled order cannot be refunded");
    const auto payments = order.many("payments");
    const base::Amount paid = sum_of(payments), before = sum_of(order.many("refunds"));
    if (wish.amount > paid - before) throw Error::not_allowed("Cannot refund more than the original order amount");
    // 2. Give it back.
    const auto refund_id = payment::give_back(call, order_id, payments, wish);
    // 3. The order's payment status.
    if (const auto status = status_after_refund(paid, before + wish.amount))
      call.write_last(query::update(schema::get("Order"), order_id, base::JsonObject{{"payment_status", *status}}));
    call.emit("order.refund_created", base::JsonObject{{"id", std::string(order_id)},
                                                       {"refund_id", refund_id},
                                                       {"no_notification", notification(no_notification, order)}});
  });
}

} // namespace commerce::order
