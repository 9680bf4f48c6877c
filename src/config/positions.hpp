// Where the keys of a medusa-config stand in its text, JavaScript or JSON, as far as reading tells without running it:
// literal objects and lists, also those that a variable named like the key holds. Owns the list of keys. Any thread.
#pragma once
#include "config/finding.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace config {

class Positions {
 public:
  explicit Positions(std::string_view text);
  // Of "projectConfig.session_options.ttl", "plugins[1].resolve"; else of the nearest key above; else line 0.
  Place of(std::string_view key) const;

 private:
  struct Entry {
    std::string key;
    int line, column;
  };
  std::vector<Entry> entries_; // in the order of the text
};

} // namespace config
