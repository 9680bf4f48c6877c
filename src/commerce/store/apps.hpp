// The admin's endpoints of apps: services that plugins speak to with OAuth. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::store {

http::Routes app_routes();

} // namespace commerce::store
