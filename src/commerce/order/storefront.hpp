// The storefront's order routes. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::order {

http::Routes store_routes();

} // namespace commerce::order
