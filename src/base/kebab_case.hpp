// Handles of products, collections and categories that come without one. Any thread.
#pragma once
#include <string>
#include <string_view>

namespace base {

// lodash's kebabCase, by which 1.20 makes handles: the words of a text in small letters, joined by "-", Latin letters
// without their accents. "iPhone 15Pro" -> "i-phone-15-pro". The text must be UTF-8.
std::string kebab_case(std::string_view text);

} // namespace base
