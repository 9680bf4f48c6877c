// The states of orders and of their edits, and what may be done in each. Medusa 1.20: OrderStatus, FulfillmentStatus,
// PaymentStatus, OrderEditStatus, and the first lines of OrderService's and OrderEditService's methods. Owns constants.
#pragma once
#include "commerce/states.hpp"

namespace commerce::order {

// In the order in which 1.20's sentences name them.
inline constexpr std::array<std::string_view, 5> kStatuses{"pending", "completed", "archived", "canceled",
                                                           "requires_action"};
inline constexpr std::array<std::string_view, 9> kFulfillmentStatuses{
    "not_fulfilled",  "partially_fulfilled", "fulfilled", "partially_shipped",
    "shipped",        "partially_returned",  "returned",  "canceled",
    "requires_action"};
inline constexpr std::array<std::string_view, 7> kPaymentStatuses{
    "not_paid", "awaiting", "captured", "partially_refunded", "refunded", "canceled", "requires_action"};

namespace act {

inline constexpr Act update{.name = "update", .never = {"canceled"}, .refusal = "A canceled order cannot be updated"};
inline constexpr Act complete{.name = "complete",
                              .never = {"canceled"},
                              .refusal = "A canceled order cannot be completed",
                              .becomes = "completed"};
// Quirk: what needs somebody's attention can't be archived either.
inline constexpr Act archive{
    .name = "archive", .only = {"completed"}, .refusal = "Can't archive an unprocessed order", .becomes = "archived"};
inline constexpr Act capture{
    .name = "capture", .never = {"canceled"}, .refusal = "A canceled order cannot capture payment"};
inline constexpr Act fulfill{
    .name = "fulfill", .never = {"canceled"}, .refusal = "A canceled order cannot be fulfilled"};
inline constexpr Act ship{
    .name = "ship", .never = {"canceled"}, .refusal = "A canceled order cannot be fulfilled as shipped"};
inline constexpr Act add_shipping_method{.name = "add shipping method",
                                         .never = {"canceled"},
                                         .refusal = "A shipping method cannot be added to a canceled order"};
inline constexpr Act refund{.name = "refund", .never = {"canceled"}, .refusal = "A canceled order cannot be refunded"};
inline constexpr Act take_back{
    .name = "take goods back", .never = {"canceled"}, .refusal = "A canceled order cannot be registered as received"};
// Canceling what is canceled changes nothing.
inline constexpr Act cancel{.name = "cancel", .becomes = "canceled"};
inline constexpr std::array kAll{update, complete, archive,   capture, fulfill,
                                 ship,   refund,   take_back, cancel,  add_shipping_method};

} // namespace act
} // namespace commerce::order
