// Money that goes back to who has ordered. Owns nothing. Called by the admin routes, on the fiber of the request.
#pragma once
#include "commerce/payment/payments.hpp"
#include "ports/call.hpp"
#include <optional>
#include <string_view>

namespace commerce::order {

// Medusa 1.20: OrderService.createRefund. Never more than was paid: the order's row is locked while that is looked at.
void refund(ports::Call& call, std::string_view order_id, const payment::RefundWish& wish,
            const std::optional<bool>& no_notification);

// An order's payment status once so much of what was paid has gone back; nothing where it stays as it is. Pure.
std::optional<std::string_view> status_after_refund(base::Amount paid, base::Amount refunded);

} // namespace commerce::order
