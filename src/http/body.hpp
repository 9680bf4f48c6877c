// Request bodies as 1.20's body-parser takes them. Called by the dispatcher.
#pragma once
#include "http/http.hpp"
#include <string_view>

namespace http {

// Parses a JSON body into request.body (an empty object where there is none, or one of another type). False when the
// body is refused: the response is Express' page then, which hides the reason in production.
bool read_body(Request& request, Response& response, std::string_view node_env);

} // namespace http
