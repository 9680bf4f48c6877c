// The admin's endpoints of the shop itself and of currencies. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::store {

http::Routes admin_routes();

} // namespace commerce::store
