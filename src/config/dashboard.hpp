// What a configuration says of the dashboard, the package @medusajs/admin: where it stands on the site and in the project.
// Owns nothing. Called by load() and by what serves the dashboard, at start.
#pragma once
#include "config/config.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace config {

inline constexpr std::string_view kDashboard = "@medusajs/admin";

struct Dashboard {
  bool serve = true;
  std::string path = "/app";    // where it stands on the site; "/" for the whole site
  std::string folder;           // of its build, absolute
  std::string backend = "/";    // where its build sends its requests
  bool builds_at_start = false; // where something has changed since its build
};
// nullopt where the configuration does not name the plugin.
std::optional<Dashboard> dashboard(const Config& config);

// What the option `path` accepts, where that is something else; nullopt for a good one. `path` is not empty.
std::optional<std::string> dashboard_path_fault(std::string_view path);

} // namespace config
