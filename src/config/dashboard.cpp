#include "config/dashboard.hpp"
#include "base/strings.hpp"
#include <algorithm>
#include <cctype>
#include <filesystem>

namespace config {

std::optional<Dashboard> dashboard(const Config& config) {
  const Plugin* plugin = config.plugin(kDashboard);
  if (!plugin) return std::nullopt;
  const base::Json& options = plugin->options;
  const auto text = [&](std::string_view name, std::string_view usual) {
    const base::Json& value = options[name];
    return value.is_string() && !value.as_string().empty() ? value.as_string() : std::string(usual);
  };
  const auto truth = [&](std::string_view name, bool usual) {
    const base::Json& value = options[name];
    return value.is_bool() ? value.as_bool() : usual;
  };
  const auto folder = (std::filesystem::path(config.project) / text("outDir", "build")).lexically_normal().string();
  return Dashboard{truth("serve", true), text("path", "/app"), folder, text("backend", "/"),
                   truth("autoRebuild", false)};
}

// Medusa 1.20: the package's builder asks for the slashes. A path that Express would take for a pattern, or on which the API
// stands, 1.20 serves with what nobody wants.
std::optional<std::string> dashboard_path_fault(std::string_view path) {
  const bool plain = std::all_of(path.begin(), path.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || std::string_view("/-_.~").find(c) != std::string_view::npos;
  });
  if (!path.starts_with('/') || (path.size() > 1 && path.ends_with('/')) || path.find("//") != path.npos || !plain)
    return "a path that begins with a slash and doesn't end with one, of letters, digits and -_.~, such as \"/app\"";
  for (const std::string_view taken : {"/admin", "/store", "/health"})
    if (base::equal_ignoring_case(path, taken)) return "a path on which the API doesn't stand, such as \"/app\"";
  return std::nullopt;
}

} // namespace config
