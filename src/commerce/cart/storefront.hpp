// The store routes of carts, all but completion. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::cart {

http::Routes store_routes();

} // namespace commerce::cart
