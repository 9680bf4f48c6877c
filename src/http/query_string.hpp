// Query strings as the npm module qs reads them in 1.20: a[b]=1, a[]=1, a[0]=1, five levels deep, 1,000 parameters,
// arrays of any length. Pure; any thread.
#pragma once
#include "base/json.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace http {

// An object of strings, arrays and objects.
base::Json parse_query(std::string_view text);
// JavaScript's decodeURIComponent; null where that throws (a broken escape, bytes that are no UTF-8).
std::optional<std::string> decode_uri_component(std::string_view text);

} // namespace http
