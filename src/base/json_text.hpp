// Texts out of JSON that somebody else has written, who may have put anything there. Owns nothing; pure, any thread. Called by
// whoever reads what plugins, clients and configurations say.
#pragma once
#include "base/json.hpp"
#include <string>
#include <string_view>

namespace base {

// A text as it is; `otherwise` for a value of any other kind.
inline std::string text_of(const Json& value, std::string_view otherwise = {}) {
  return value.is_string() ? value.as_string() : std::string(otherwise);
}

// A text as it is, any other value as JSON writes it.
inline std::string spelled(const Json& value) { return value.is_string() ? value.as_string() : value.dump(); }

} // namespace base
