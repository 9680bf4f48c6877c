// What lists of orders can be filtered by. Owns nothing. Called by the admin's list and by exports; any thread.
#pragma once
#include "query/filters.hpp"
#include <vector>

namespace commerce::order {

// Medusa 1.20: AdminListOrdersSelector
const std::vector<query::Filter>& admin_filters();

} // namespace commerce::order
