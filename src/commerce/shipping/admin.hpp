// The admin's endpoints of shipping options and shipping profiles. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::shipping {

http::Routes admin_routes();
http::Routes profile_routes();

} // namespace commerce::shipping
