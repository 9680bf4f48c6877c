// The admin's endpoints that read draft orders. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::draft_order {

http::Routes admin_routes();

} // namespace commerce::draft_order
