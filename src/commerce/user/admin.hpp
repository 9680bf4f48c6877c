// The endpoints of users, of invitations, and of what users let the dashboard tell. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::user {

http::Routes admin_routes();
http::Routes invite_routes();
http::Routes analytics_routes();

} // namespace commerce::user
