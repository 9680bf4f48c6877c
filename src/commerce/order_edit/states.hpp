// The states of an order edit, and what may be done in each. Medusa 1.20: OrderEditStatus, OrderEditService. Owns constants.
#pragma once
#include "commerce/states.hpp"

namespace commerce::order_edit {

inline constexpr std::array<std::string_view, 5> kStatuses{"confirmed", "declined", "requested", "created", "canceled"};

namespace act {

// An edit is open, and its items change, as long as it is neither confirmed, nor canceled, nor declined.
inline constexpr Act add_item{.name = "add item",
                              .only = {"created", "requested"},
                              .refusal = "Can not add an item to the edit with status {status}"};
inline constexpr Act revert_change{.name = "revert change",
                                   .never = {"confirmed", "canceled"},
                                   .refusal = "Cannot delete and item change from a {status} order edit"};
inline constexpr Act remove{
    .name = "delete", .only = {"created"}, .refusal = "Cannot delete order edit with status {status}"};
inline constexpr Act request{.name = "request",
                             .never = {"canceled", "declined"},
                             .refusal = "Cannot request a confirmation on an edit with status {status}",
                             .becomes = "requested"};
inline constexpr Act cancel{.name = "cancel",
                            .never = {"confirmed", "declined"},
                            .refusal = "Cannot cancel order edit with status {status}",
                            .becomes = "canceled"};
// Declining what is declined changes nothing.
inline constexpr Act decline{.name = "decline",
                             .only = {"requested", "declined"},
                             .refusal = "Cannot decline an order edit with status {status}.",
                             .becomes = "declined"};
inline constexpr Act confirm{.name = "confirm",
                             .never = {"canceled", "declined"},
                             .refusal = "Cannot confirm an order edit with status {status}",
                             .becomes = "confirmed"};
inline constexpr Act complete{.name = "complete",
                              .only = {"requested", "confirmed"},
                              .refusal = "Cannot complete an order edit with status {status}",
                              .becomes = "confirmed"};
inline constexpr std::array kAll{add_item, revert_change, remove, request, cancel, decline, confirm, complete};

} // namespace act
} // namespace commerce::order_edit
