// The admin's order routes: seeing orders, taking the money, fulfilling and shipping. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::order {

http::Routes admin_routes();

} // namespace commerce::order
