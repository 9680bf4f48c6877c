// The admin's endpoints of draft orders, but for their payment. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::draft_order {

http::Routes admin_routes();

} // namespace commerce::draft_order
