// The storefront's route that makes an order of a cart. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::checkout {

http::Routes store_routes();

} // namespace commerce::checkout
