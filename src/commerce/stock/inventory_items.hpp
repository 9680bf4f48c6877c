// Admin routes of inventory items and of their levels at stock locations, and a variant's inventory.
// Called once at start; their handlers run on the request's fiber.
#pragma once
#include "http/http.hpp"

namespace commerce::stock {

http::Routes item_routes();

} // namespace commerce::stock
