// What the bodies that ask for swaps may hold. Filled at start, read-only; any thread.
#pragma once
#include "base/json.hpp"
#include "commerce/swap/service.hpp"
#include "rules/rules.hpp"

namespace commerce::swap {

// Of an admin, and of a shopper.
extern const rules::Rules kReturnItemRules, kAdditionalItemRules;
extern const rules::Rules kShoppersReturnItemRules, kShoppersAdditionalItemRules;

// Of bodies that keep these rules.
std::vector<returns::WishedItem> return_items_of(const base::Json& body);
std::vector<AdditionalItem> additional_items_of(const base::Json& body);

} // namespace commerce::swap
