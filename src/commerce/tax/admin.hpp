// The admin's endpoints of tax rates. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::tax {

http::Routes admin_routes();

} // namespace commerce::tax
