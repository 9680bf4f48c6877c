// Price lists for admins. Called once at start, to collect the routes.
#pragma once
#include "http/http.hpp"

namespace commerce::pricing {

http::Routes price_list_routes();

} // namespace commerce::pricing
