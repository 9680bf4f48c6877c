// The endpoints of return reasons, the store's and the admin's. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::returns {

http::Routes reason_routes();

} // namespace commerce::returns
