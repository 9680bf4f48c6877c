// The admin's endpoints of sales channels and of the publishable keys that open them. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::sales_channel {

http::Routes admin_routes();

} // namespace commerce::sales_channel
