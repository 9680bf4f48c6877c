// What admin routes answer of an order: those of orders, and of the returns, swaps and claims below them. Owns nothing. Called by
// route files, on the fiber of the request.
#pragma once
#include "commerce/order/view.hpp"

namespace commerce::order {

// What the request's `fields` and `expand` want. Throws invalid_data for `returnable_items`, which only the retrieve route knows.
Presentation admin_view(const schema::Flags& flags, const base::Json& query, query::Many many);
// The same for the answer to a change: the order is shown whole.
Presentation changed_view(const schema::Flags& flags, const base::Json& query);
// {"order": ...}
std::string enveloped(const std::string& order);

} // namespace commerce::order
