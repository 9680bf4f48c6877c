// The endpoints of batch jobs. Owns nothing. Called once at start.
#pragma once
#include "http/http.hpp"

namespace commerce::batch_job {

http::Routes admin_routes();

} // namespace commerce::batch_job
