// All routes of the shop. Called once at start by app, and by tests.
#pragma once
#include "http/http.hpp"

namespace commerce {

http::Routes all_routes();

} // namespace commerce
