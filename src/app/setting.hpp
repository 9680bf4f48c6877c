// A variable that no member of Config stands for, as the environment or .env has it. Owns nothing; any thread.
#pragma once
#include "config/properties.hpp"
#include <string>
#include <string_view>

namespace app {

// `key` as in the table of properties: "env:STHENO_METRICS". Empty: nothing is set.
inline std::string setting_text(const config::Config& config, std::string_view key) {
  for (const config::Setting& setting : config.settings)
    if (setting.property->key == key && setting.value.is_string()) return setting.value.as_string();
  return {};
}

} // namespace app
