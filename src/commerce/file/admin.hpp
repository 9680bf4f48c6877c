// The endpoints of uploads. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::file {

http::Routes admin_routes();

} // namespace commerce::file
