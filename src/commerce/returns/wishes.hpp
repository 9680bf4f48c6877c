// What the bodies of requests say of items that come back; those of returns, swaps and claims are alike. Called by route files,
// on the fiber of the request, after the rules have looked at the body.
#pragma once
#include "base/json.hpp"
#include "commerce/returns/service.hpp"
#include <optional>
#include <string>
#include <vector>

namespace commerce::returns {

// Of {item_id, quantity, reason_id, note}.
std::vector<WishedItem> wished_items(const base::Json& items);
// Of {option_id, price}; nothing where that is left out.
std::optional<WishedShipping> wished_shipping(const base::Json& shipping);

} // namespace commerce::returns
