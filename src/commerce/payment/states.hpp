// The states of payment collections, of their sessions and of payments, and what may be done in each. Medusa 1.20:
// PaymentCollectionStatus, PaymentSessionStatus, and the first lines of the services' methods. Owns constants.
#pragma once
#include "commerce/payment/tables.hpp"
#include "commerce/states.hpp"
#include "query/row_of.hpp"

namespace commerce::payment {

inline constexpr std::array<std::string_view, 5> kCollectionStatuses{"not_paid", "awaiting", "authorized",
                                                                     "partially_authorized", "canceled"};
inline constexpr std::array<std::string_view, 5> kSessionStatuses{"authorized", "pending", "requires_more", "error",
                                                                  "canceled"};
// Of a payment, which no column says. What was captured may have been canceled by 1.20, too.
inline constexpr std::array<std::string_view, 3> kPaymentStates{"authorized", "captured", "canceled"};
inline std::string_view state_of(const query::RowOf<table::Payment>& payment) {
  if (!payment.is_null("captured_at")) return "captured";
  return payment.is_null("canceled_at") ? "authorized" : "canceled";
}

namespace act {

// Of collections.
inline constexpr Act set_sessions{.name = "set sessions",
                                  .only = {"not_paid"},
                                  .refusal =
                                      "Cannot set payment sessions for a payment collection with status {status}"};
inline constexpr Act remove{.name = "delete",
                            .only = {"canceled", "not_paid"},
                            .refusal = "Cannot delete payment collection with status {status}"};
inline constexpr Act mark_authorized{.name = "mark authorized", .becomes = "authorized"};
inline constexpr std::array kOfCollections{set_sessions, remove, mark_authorized};
// Of their sessions.
inline constexpr Act refresh{.name = "refresh",
                             .never = {"authorized"},
                             .refusal = "Payment Session {id} has been authorized and can't be refreshed"};
inline constexpr std::array kOfSessions{refresh};
// Of payments. Capturing what is captured changes nothing.
inline constexpr Act capture{
    .name = "capture", .never = {"canceled"}, .refusal = "Payment {id} has been canceled", .becomes = "captured"};
inline constexpr Act refund{.name = "refund", .only = {"captured"}, .refusal = "Payment {id} is not captured"};
inline constexpr std::array kOfPayments{capture, refund};

} // namespace act
} // namespace commerce::payment
