// The admin's endpoints of gift cards. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::gift_card {

http::Routes admin_routes();

} // namespace commerce::gift_card
