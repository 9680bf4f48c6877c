// The store's endpoints of customers. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::customer {

http::Routes store_routes();

} // namespace commerce::customer
