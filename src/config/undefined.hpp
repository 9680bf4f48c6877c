// What JavaScript leaves where something is not set: members and items that are undefined, and the word itself within texts.
// Owns nothing. Called while a configuration is loaded; any thread.
#pragma once
#include "base/json.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace config {

// How the evaluation of a file hands undefined over.
bool is_undefined(const base::Json& value);
// The value without the members that are undefined, whose paths are added to `keys` ("plugins[1].options.key"). Items of lists stay.
base::Json without_undefined(const base::Json& value, std::vector<std::string>& keys);

struct UndefinedParts {
  bool any = false;  // the text, or one of the parts that a URL or list has, is the word
  bool host = false; // the part where a URL has its host is
};
UndefinedParts undefined_parts(std::string_view text);

} // namespace config
