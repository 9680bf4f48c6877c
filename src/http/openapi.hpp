// The API as an OpenAPI 3.1 document, made from the routes' own rows and the entities' descriptions.
// Called by app, which serves it at /openapi.json, and by `stheno routes --openapi`; any thread.
#pragma once
#include "http/http.hpp"
#include "schema/flags.hpp"
#include <string>
#include <string_view>

namespace http {

// Routes and members behind a flag that is off are left out, as the server leaves them out.
std::string openapi(const Routes& routes, const schema::Flags& flags, std::string_view version);

} // namespace http
