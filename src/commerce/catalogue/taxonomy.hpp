// How the catalogue is sorted: the store's endpoints of collections, types, tags and categories. Owns nothing. Called
// once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::catalogue {

http::Routes taxonomy_routes();
http::Routes category_routes();

} // namespace commerce::catalogue
