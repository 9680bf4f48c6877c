#include "commerce/order/refunds.hpp"
#include "base/error.hpp"
#include "commerce/order/locked.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/payment/tables.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::order {

using base::Error;
using base::Json;
using query::RowOf;

namespace {

template<class Table> base::Amount sum_of(const std::vector<RowOf<Table>>& rows) {
  base::Amount sum = 0;
  for (const auto& row : rows) sum += row.integer("amount");
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
    const auto order = *tree.first<table::Order>();
    check(act::refund, order);
    const auto payments = order.many<table::Payment>("payments");
    const auto refunds = order.many<table::Refund>("refunds");
    // What a request under the same key had given back before it failed is given back already.
    const auto given = wish.purpose ? payment::given_for(refunds, *wish.purpose) : payment::Given();
    const base::Amount paid = sum_of(payments), before = sum_of(refunds),
                       due = std::max<base::Amount>(wish.amount - given.amount, 0);
    if (due > paid - before) throw Error::not_allowed("Cannot refund more than the original order amount");
    // 2. Give it back.
    Json told =
        base::JsonObject{{"id", std::string(order_id)}, {"no_notification", notification(no_notification, order)}};
    payment::take_up(call, given);
    auto rest = wish;
    rest.amount = due;
    if (!wish.purpose) rest.told = {"order.refund_created", told};
    told.set("refund_id", due > 0 || given.refunds.empty() ? payment::give_back(call, order_id, payments, rest)
                                                           : given.refunds.front()["id"].as_string());
    // 3. The order's payment status.
    if (const auto status = status_after_refund(paid, before + due))
      call.write_last(query::update(schema::get("Order"), order_id, base::JsonObject{{"payment_status", *status}}));
    call.emit("order.refund_created", std::move(told));
  });
}

} // namespace commerce::order
