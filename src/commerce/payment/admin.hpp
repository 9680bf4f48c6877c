// Admin routes of payments. Called once at start; their handlers run on the request's fiber.
#pragma once
#include "http/http.hpp"

namespace commerce::payment {

http::Routes admin_routes();

} // namespace commerce::payment
