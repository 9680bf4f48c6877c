// The endpoints that show order edits, and those that note something on them or delete them. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::order_edit {

http::Routes admin_routes();
http::Routes store_routes();

} // namespace commerce::order_edit
