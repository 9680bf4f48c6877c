// Where the keys of a medusa-config stand in its text, JavaScript or JSON, as far as reading tells without running it:
// literal objects and lists, also those that a variable named like the key holds; and which variables of the environment
// their values are made of. Owns the list of keys. Any thread.
#pragma once
#include "config/finding.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace config {

class Positions {
 public:
  explicit Positions(std::string_view text);
  // Of "projectConfig.session_options.ttl", "plugins[1].resolve"; else of the nearest key above; else line 0.
  Place of(std::string_view key) const;
  // The names behind `process.env.` in the value of exactly this key, also by way of constants of the file.
  std::vector<std::string> variables_of(std::string_view key) const;
  // An assignment that looks like one to module.exports and is none: `module.export =`, `exports =`.
  struct Misnamed {
    Place place;
    std::string text;
  };
  const std::optional<Misnamed>& misnamed_export() const { return misnamed_; }

 private:
  struct Entry {
    std::string key;
    int line, column;
    std::vector<std::string> variables;
  };
  std::optional<Misnamed> misnamed_;
  std::vector<Entry> entries_; // in the order of the text
};

} // namespace config
