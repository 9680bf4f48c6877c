// Evaluates a project's medusa-config: JavaScript by the machine's `node`, once, in a child process; JSON at once.
// Owns the child while it runs. Called by load(), before other threads exist.
#pragma once
#include "base/json.hpp"
#include "config/environment.hpp"
#include <string>

namespace config {

struct Evaluated {
  std::string file;      // absolute
  base::Json exported;   // RegExp objects and functions stand as {"$type": "RegExp"|"function", ...}
  Variables environment; // what the file has added to its environment, for example by dotenv
};

// Throws ConfigError: no file, no `node`, or file, line and message of what went wrong in it.
Evaluated evaluate(const std::string& project);

} // namespace config
