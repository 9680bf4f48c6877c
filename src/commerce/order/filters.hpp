// What lists of orders can be filtered by. Owns nothing. Called by the admin's list and by exports; any thread.
#pragma once
#include "http/resource.hpp"
#include <vector>

namespace commerce::order {

// Medusa 1.20: AdminListOrdersSelector
const std::vector<http::Filter>& admin_filters();

} // namespace commerce::order
