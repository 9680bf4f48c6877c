// The storefront's way to ask for a return. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::returns {

http::Routes store_routes();

} // namespace commerce::returns
