// What only the rooms that use a value can say of it: whether a URL can be read, a pattern compiled, a port opened.
// Owns nothing. Called by commands, on the main thread, when a configuration has been loaded.
#pragma once
#include "config/config.hpp"

namespace app {

// Adds to config.findings; connects to nothing, though a HOST is looked up.
void check(config::Config& config);

} // namespace app
