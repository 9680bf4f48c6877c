// The reference of all that a configuration may say, as Markdown, made from the tables that read it (properties, options
// of drivers, packages). docs/generated/config.md is its output. Owns nothing; any thread.
#pragma once
#include <string>

namespace config {

std::string reference();

} // namespace config
