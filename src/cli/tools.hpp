// Texts of tools/, which are part of the program (cmake/tools.cmake). Owns nothing.
#pragma once
#include <string_view>

namespace cli {

extern const std::string_view compare_script;    // compare.js
extern const std::string_view known_differences; // known_differences.json

} // namespace cli
