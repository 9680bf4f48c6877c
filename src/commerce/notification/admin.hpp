// The endpoints of notifications. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::notification {

http::Routes admin_routes();

} // namespace commerce::notification
