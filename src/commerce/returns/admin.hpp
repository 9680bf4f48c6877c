// The admin's list of returns. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::returns {

http::Routes admin_routes();

} // namespace commerce::returns
