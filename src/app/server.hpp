// The whole server, put together from a configuration: database, providers, sessions, routes, events, HTTP.
// Owns all of it while it serves. Called by the start commands on the main thread.
#pragma once
#include "config/config.hpp"

namespace app {

enum class Audience { shoppers, developer };

// Serves until SIGTERM or SIGINT, lets requests in progress end, and returns 0; 1 when the embedded database can't be kept
// running. Throws when it can't start.
int serve(const config::Config& config, Audience audience);

} // namespace app
