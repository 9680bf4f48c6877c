// Admin routes of reservations, and those of an order. Called once at start; their handlers run on the request's fiber.
#pragma once
#include "http/http.hpp"

namespace commerce::stock {

http::Routes reservation_routes();

} // namespace commerce::stock
