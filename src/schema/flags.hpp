// The set of feature flags that are on. Made by config at start, read-only afterwards; any thread.
#pragma once
#include "schema/schema.hpp"

namespace schema {

class Flags {
 public:
  // 1.20's defaults: sales_channels, publishable_api_keys, order_editing and analytics are on.
  Flags();
  bool on(Flag flag) const { return flag == Flag::none || (bits_ >> static_cast<int>(flag) & 1); }
  void set(Flag flag, bool value);
  bool operator==(const Flags&) const = default;

 private:
  std::uint32_t bits_ = 0;
};

// "sales_channels" and so on; nullopt for a name that is no flag of the API.
std::optional<Flag> flag_named(std::string_view key);
std::string_view flag_key(Flag flag);

} // namespace schema
