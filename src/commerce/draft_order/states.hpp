// The states of a draft order, and what may be done in each. Medusa 1.20: DraftOrderStatus, DraftOrderService. Owns constants.
#pragma once
#include "commerce/states.hpp"

namespace commerce::draft_order {

inline constexpr std::array<std::string_view, 2> kStatuses{"open", "completed"};

namespace act {

inline constexpr Act update{
    .name = "update", .only = {"open"}, .refusal = "You are only allowed to update open draft orders"};
inline constexpr Act remove{
    .name = "delete", .only = {"open"}, .refusal = "A draft order that has become an order can't be deleted"};
inline constexpr std::array kAll{update, remove};

} // namespace act
} // namespace commerce::draft_order
