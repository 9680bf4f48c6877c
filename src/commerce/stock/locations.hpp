// Admin routes of stock locations. Called once at start; their handlers run on the request's fiber.
#pragma once
#include "http/http.hpp"

namespace commerce::stock {

http::Routes location_routes();

} // namespace commerce::stock
