// The storefront's wish for a swap. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::swap {

http::Routes storefront_routes();

} // namespace commerce::swap
