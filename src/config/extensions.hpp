// The lists `plugins` and `modules` of a configuration: which of their entries this server stands in for, where the
// others are, and what is wrong with them. Owns nothing. Called while a configuration is loaded.
#pragma once
#include "config/config.hpp"
#include <functional>
#include <string>

namespace config {

using Tell = std::function<void(const std::string& key, const Remark& what, Severity severity)>;

// Fills config.plugins and config.modules from config.raw.
void read_extensions(Config& config, const Tell& tell);

} // namespace config
