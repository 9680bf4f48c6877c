// What the child prints, on its way into the log, a line at a time. Owns the line that has only begun. Used by Child on its thread.
#pragma once
#include "base/json_text.hpp"
#include "base/log.hpp"
#include "base/strings.hpp"
#include <algorithm>
#include <string>
#include <string_view>

namespace plugins {

class Printed {
 public:
  void add(std::string_view text) {
    while (!text.empty()) {
      const auto end = text.find('\n');
      line_.append(text.substr(0, std::min(end, kLongestLine - std::min(line_.size(), kLongestLine))));
      if (end == text.npos) return;
      text.remove_prefix(end + 1);
      finish();
    }
  }
  // Its end: what has begun is all of the line.
  void finish() {
    if (line_.ends_with('\r')) line_.pop_back();
    if (!line_.empty()) log(line_);
    line_.clear();
  }

 private:
  static constexpr std::size_t kLongestLine = 16 * 1024;

  // Medusa's own lines are JSON in production, and tell their level.
  static void log(const std::string& line) {
    constexpr std::string_view kFrom = "medusa";
    if (line.starts_with('{')) {
      try {
        const base::Json told = base::parse_json(line);
        const base::Json& message = told["message"];
        if (message.is_string())
          return base::log(base::log_level_named(base::text_of(told["level"], "info")), base::trim(message.as_string()),
                           {{"from", kFrom}});
      } catch (const base::JsonParseError&) {
      }
    }
    base::log_info(line, {{"from", kFrom}});
  }
  std::string line_;
};

} // namespace plugins
