// Logging in and out, of customers and of admins: by session and by token. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::auth {

http::Routes routes();

} // namespace commerce::auth
