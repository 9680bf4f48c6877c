// The endpoints of order edits: those that show them, note something on them or delete them (routes.cpp), what admins do to them
// (admin.cpp), and what their customers answer (storefront.cpp). Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::order_edit {

http::Routes admin_routes();
http::Routes store_routes();

// Parts of those.
http::Routes admin_operations();
http::Routes store_operations();

} // namespace commerce::order_edit
