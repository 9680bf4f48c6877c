// The admin's endpoints of notes. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::store {

http::Routes note_routes();

} // namespace commerce::store
