// What stands at the root of the site: the storefront that STHENO_STOREFRONT names, or the small page. Owns nothing. Called by
// the check of a configuration and by serve(), on the main thread.
#pragma once
#include "config/config.hpp"
#include "http/front_page.hpp"
#include <optional>
#include <string>

namespace app {

// As the variable has it; empty where it names none.
std::string named_storefront(const config::Config& config);

http::FrontPage open_front_page(const config::Config& config);

// What is wrong with the folder, behind the variable's name; nullopt where nothing is.
std::optional<std::string> storefront_fault(const config::Config& config);

} // namespace app
