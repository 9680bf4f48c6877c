// The admin's endpoints of claims, below those of orders. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::claim {

http::Routes admin_routes();

} // namespace commerce::claim
