// The store's endpoint of saved payment methods. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::payment {

http::Routes store_routes();

} // namespace commerce::payment
