// The admin's endpoints of customer groups. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::customer {

http::Routes group_routes();

} // namespace commerce::customer
