// The admin's endpoints of discounts. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::discount {

http::Routes admin_routes();

} // namespace commerce::discount
