// The catalogue as a storefront sees it: products and variants. Called once at start, to collect the routes.
#pragma once
#include "http/http.hpp"

namespace commerce::catalogue {

http::Routes store_routes();

} // namespace commerce::catalogue
