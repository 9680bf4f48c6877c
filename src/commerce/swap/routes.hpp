// The endpoints that show swaps. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::swap {

http::Routes admin_routes();
http::Routes store_routes();

} // namespace commerce::swap
