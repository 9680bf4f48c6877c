// How the catalogue is sorted: the endpoints of collections, types, tags and categories. Owns nothing. Called once at
// start.
#pragma once
#include "http/http.hpp"

namespace commerce::catalogue {

http::Routes collection_routes();
http::Routes taxonomy_routes(); // types and tags
http::Routes category_routes();

} // namespace commerce::catalogue
