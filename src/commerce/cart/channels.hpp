// The sales channel that a new cart belongs to. Owns nothing. Called by whoever makes carts, on the fiber of the request.
#pragma once
#include "db/db.hpp"
#include <optional>
#include <string>

namespace commerce::cart {

// The wanted channel, else the store's default.
db::Command channel_query(const std::optional<std::string>& wanted);
// Medusa 1.20: CartService.getValidatedSalesChannel. The channel's id; throws where there is none, or it is disabled.
std::string channel_of(const db::Result& found, const std::optional<std::string>& wanted);

} // namespace commerce::cart
