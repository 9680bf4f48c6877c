// Keys and variables that nothing reads, with the name that was probably meant. Owns nothing. Called by load().
#pragma once
#include "config/finding.hpp"
#include <string>

namespace config {

// Of what the file exports: misspelt ones, names of Medusa's second generation, and keys of the project's own.
Findings unknown_keys(const base::Json& exported);
// Of this process' environment and the project's environment files: flags that don't exist, a NODE_ENV that is nearly one that
// means something, what counts only outside of the files, and which of two files counts.
Findings odd_variables(const std::string& project);

} // namespace config
