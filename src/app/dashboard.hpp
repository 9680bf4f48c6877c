// The dashboard of @medusajs/admin: whether its build is there, the build itself where the configuration wants it made at start, and
// what serves it. Owns the builder's process while it runs. Called by the commands and by serve(), before other threads exist.
#pragma once
#include "config/config.hpp"
#include "http/single_page.hpp"
#include <optional>
#include <string>

namespace app {

// With `autoRebuild` the project's own package builds the dashboard where its options, its extensions or the project's packages have
// changed since the last time; what it prints goes to the log. Returns when it has ended, which may take minutes. What fails is
// logged, and the dashboard stays as it is.
// Medusa 1.20: the package's setup/index.js
void build_dashboard(const config::Config& config);

// What is wrong with the build that is served, and the command that makes it; nullopt where nothing is.
std::optional<std::string> dashboard_fault(const config::Config& config);

// nullopt where the configuration does not name the plugin.
std::optional<http::SinglePage> open_dashboard(const config::Config& config);

} // namespace app
