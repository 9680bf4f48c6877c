// Programs of JavaScript that are part of this one (tools/, made by cmake/tools.cmake) and what each of them is told. Owns nothing.
// Used by `stheno compare` and by Mirror, on any thread.
#pragma once
#include "base/json.hpp"
#include "http/http.hpp"
#include <string_view>

namespace app {

extern const std::string_view compare_script;    // comparison.js, compare.js
extern const std::string_view mirror_script;     // comparison.js, mirror.js
extern const std::string_view known_differences; // known_differences.json

// The part of a program's argument that comparison.js reads: patterns of what can be read, and the known differences.
base::JsonObject what_to_compare(const http::Routes& routes);

} // namespace app
