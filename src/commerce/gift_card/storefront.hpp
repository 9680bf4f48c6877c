// The store's endpoint of gift cards. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::gift_card {

http::Routes store_routes();

} // namespace commerce::gift_card
