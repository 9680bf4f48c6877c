#include "app/front.hpp"
#include "app/setting.hpp"
#include "config/dashboard.hpp"
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

std::string named_storefront(const config::Config& config) { return setting_text(config, "env:STHENO_STOREFRONT"); }

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
