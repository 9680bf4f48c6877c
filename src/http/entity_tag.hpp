// ETags as Express makes them, and its rule for 304. Any thread.
#pragma once
#include "http/http.hpp"
#include <string>
#include <string_view>

namespace http {

// W/"<length in hex>-<base64 of SHA-1, 27 characters>".
std::string entity_tag(std::string_view body);
// The npm module fresh: whether the client's copy with that tag, and that Last-Modified where there is one, is still good.
bool is_fresh(const Request& request, std::string_view tag, std::string_view last_modified = {});
// Sets the tag where there is none yet; a GET or HEAD whose copy is fresh becomes a 304.
void tag(const Request& request, Response& response);

} // namespace http
