#include "app/front.hpp"
#include "config/dashboard.hpp"
#include "config/properties.hpp"
#include <filesystem>

namespace app {
namespace {
namespace fs = std::filesystem;

// Absolute; empty where the variable names none.
fs::path storefront_folder(const config::Config& config) {
  const std::string named = named_storefront(config);
  return named.empty() ? fs::path() : (fs::path(config.project) / named).lexically_normal();
}

} // namespace

std::string named_storefront(const config::Config& config) {
  for (const config::Setting& setting : config.settings)
    if (setting.property->key == "env:STHENO_STOREFRONT" && setting.value.is_string()) return setting.value.as_string();
  return {};
}

http::FrontPage open_front_page(const config::Config& config) {
  if (const auto folder = storefront_folder(config); !folder.empty())
    return http::FrontPage(base::Folder(folder.string()));
  const auto dashboard = config::dashboard(config);
  return http::FrontPage(STHENO_VERSION, dashboard && dashboard->serve ? std::string_view(dashboard->path) : "");
}

std::optional<std::string> storefront_fault(const config::Config& config) {
  const auto folder = storefront_folder(config);
  std::error_code failure;
  if (folder.empty() || fs::is_regular_file(folder / "index.html", failure)) return std::nullopt;
  return " names " + folder.string() + ", which has no index.html; it accepts a folder with a page that is shown at /";
}

} // namespace app
