// The admin's route that makes an order of a draft. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::checkout {

http::Routes admin_routes();

} // namespace commerce::checkout
