// Which npm names of `plugins` and `modules` the server itself stands in for. Owns: the two tables. Any thread.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace config {

enum class Support {
  none,
  native, // a part of this server does its work
  module, // the same, for an entry of `modules`
};
struct Package {
  std::string_view name;
  Support support;
  std::string_view module{}; // the key of `modules` that it is for
};
std::span<const Package> packages();
Support support_of(std::string_view package);

// The key of `modules` that a native package is for; empty where it is for none.
std::string_view module_of(std::string_view package);
// The package that a key of `modules` stands for; empty for a key that 1.20 doesn't know.
std::string_view default_package(std::string_view module_key);
std::vector<std::string> module_keys();

} // namespace config
