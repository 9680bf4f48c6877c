// What must be there for this server to do its work, as /health/ready asks it. Owns nothing. Called by serve() at start; the
// parts are asked on the fibers of requests.
#pragma once
#include "config/config.hpp"
#include "http/dispatcher.hpp"
#include "plugins/child.hpp"
#include <vector>

namespace app {

// `config` and the child, where there is one, must outlive them.
std::vector<http::Need> needs_of(const config::Config& config, const plugins::Child* child);

} // namespace app
