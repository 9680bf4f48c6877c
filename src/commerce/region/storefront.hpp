// The store's endpoints of regions. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::region {

http::Routes store_routes();

} // namespace commerce::region
