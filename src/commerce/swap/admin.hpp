// What admins do to an order's swaps. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::swap {

http::Routes order_routes();

} // namespace commerce::swap
