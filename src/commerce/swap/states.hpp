// The states of a swap, and what may be done in each. Medusa 1.20: SwapFulfillmentStatus, SwapPaymentStatus, and the first lines of
// SwapService's methods. Owns constants.
#pragma once
#include "commerce/states.hpp"
#include "commerce/swap/tables.hpp"
#include "query/row_of.hpp"

namespace commerce::swap {

// Of a swap as a whole, which no column says. It is confirmed when the shopper has completed its cart.
inline constexpr std::array<std::string_view, 3> kStates{"open", "confirmed", "canceled"};
inline std::string_view state_of(const query::RowOf<table::Swap>& swap) {
  if (!swap.is_null("canceled_at")) return "canceled";
  return swap.is_null("confirmed_at") ? "open" : "confirmed";
}
inline constexpr std::array<std::string_view, 6> kFulfillmentStatuses{
    "not_fulfilled", "fulfilled", "shipped", "partially_shipped", "canceled", "requires_action"};
inline constexpr std::array<std::string_view, 9> kPaymentStatuses{
    "not_paid",           "awaiting", "captured",       "confirmed", "canceled", "difference_refunded",
    "partially_refunded", "refunded", "requires_action"};

namespace act {

// By the payment and the fulfillment of the order whose goods come back.
inline constexpr Act take_paid{
    .name = "swap what was paid", .only = {"captured"}, .refusal = "Cannot swap an order that has not been captured"};
inline constexpr Act take_fulfilled{.name = "swap what was fulfilled",
                                    .never = {"not_fulfilled"},
                                    .refusal = "Cannot swap an order that has not been fulfilled"};
// By the swap's state.
inline constexpr Act process_payment{
    .name = "process payment", .never = {"canceled"}, .refusal = "Canceled swap cannot be processed"};
inline constexpr Act settle{.name = "settle",
                            .only = {"confirmed"},
                            .refusal = "Cannot process a swap that hasn't been confirmed by the customer"};
inline constexpr Act fulfill{.name = "fulfill", .never = {"canceled"}, .refusal = "Canceled swap cannot be fulfilled"};
inline constexpr Act ship{
    .name = "ship", .never = {"canceled"}, .refusal = "Canceled swap cannot be fulfilled as shipped"};
inline constexpr std::array kOfState{process_payment, settle, fulfill, ship};
// By its fulfillment. What follows is the business of fulfillment/progress.
inline constexpr Act pack{
    .name = "pack", .only = {"not_fulfilled", "canceled"}, .refusal = "The swap was already fulfilled"};
// By its payment. Canceling what is canceled changes nothing.
inline constexpr Act cancel{.name = "cancel",
                            .never = {"difference_refunded", "partially_refunded", "refunded"},
                            .refusal = "Swap with a refund cannot be canceled",
                            .becomes = "canceled"};

} // namespace act
} // namespace commerce::swap
