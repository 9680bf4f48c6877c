// The endpoints of payment collections and payments. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::payment {

http::Routes collection_routes();

} // namespace commerce::payment
