// What handwritten routes answer, in words (http/described.hpp): one table, since their handlers say it nowhere else.
// Owns nothing. Called by all_routes(), at start.
#pragma once
#include "http/http.hpp"

namespace commerce {

// Describes those of `routes` that don't do it themselves.
void describe_answers(http::Routes& routes);

} // namespace commerce
