// The states of a return, and what may be done in each. Medusa 1.20: ReturnStatus, ReturnService. Owns constants.
#pragma once
#include "commerce/states.hpp"

namespace commerce::returns {

inline constexpr std::array<std::string_view, 4> kStatuses{"requested", "received", "requires_action", "canceled"};

namespace act {

inline constexpr Act receive{
    .name = "receive", .never = {"canceled"}, .refusal = "Cannot receive a canceled return", .becomes = "received"};
inline constexpr Act fulfill{.name = "fulfill", .never = {"canceled"}, .refusal = "Cannot fulfill a canceled return"};
// Canceling what is canceled changes nothing.
inline constexpr Act cancel{.name = "cancel",
                            .never = {"received"},
                            .refusal = "Can't cancel a return which has been returned",
                            .becomes = "canceled"};
inline constexpr std::array kAll{receive, fulfill, cancel};

} // namespace act
} // namespace commerce::returns
