// The states of a claim, what kinds there are, and what may be done in each state. Medusa 1.20: ClaimType, ClaimReason,
// ClaimPaymentStatus, ClaimFulfillmentStatus, and the first lines of ClaimService's methods. Owns constants.
#pragma once
#include "commerce/claim/tables.hpp"
#include "commerce/states.hpp"
#include "query/row_of.hpp"

namespace commerce::claim {

inline constexpr std::array<std::string_view, 2> kTypes{"refund", "replace"};
inline constexpr std::array<std::string_view, 4> kReasons{"missing_item", "wrong_item", "production_failure", "other"};

// Of a claim as a whole, which no column says.
inline constexpr std::array<std::string_view, 2> kStates{"open", "canceled"};
inline std::string_view state_of(const query::RowOf<table::ClaimOrder>& claim) {
  return claim.is_null("canceled_at") ? "open" : "canceled";
}
inline constexpr std::array<std::string_view, 9> kFulfillmentStatuses{
    "not_fulfilled",  "partially_fulfilled", "fulfilled", "partially_shipped",
    "shipped",        "partially_returned",  "returned",  "canceled",
    "requires_action"};
inline constexpr std::array<std::string_view, 3> kPaymentStatuses{"na", "not_refunded", "refunded"};

namespace act {

// By the claim's state.
inline constexpr Act update{.name = "update", .never = {"canceled"}, .refusal = "Canceled claim cannot be updated"};
inline constexpr Act fulfill{.name = "fulfill", .never = {"canceled"}, .refusal = "Canceled claim cannot be fulfilled"};
inline constexpr Act ship{
    .name = "ship", .never = {"canceled"}, .refusal = "Canceled claim cannot be fulfilled as shipped"};
// Canceling what is canceled changes nothing.
inline constexpr Act cancel{.name = "cancel", .becomes = "canceled"};
inline constexpr std::array kOfState{update, fulfill, ship, cancel};
// By its fulfillment. What follows is the business of fulfillment/progress.
inline constexpr Act pack{
    .name = "pack", .only = {"not_fulfilled", "canceled"}, .refusal = "The claim has already been fulfilled."};
// By its type.
inline constexpr Act send{
    .name = "send", .only = {"replace"}, .refusal = "Claims with the type \"{status}\" can not be fulfilled."};

} // namespace act
} // namespace commerce::claim
