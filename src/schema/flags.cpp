#include "schema/flags.hpp"
#include <array>

namespace schema {
namespace {
struct Known {
  Flag flag;
  std::string_view key;
  bool on;
};
constexpr std::array<Known, 6> kFlags{{
    {Flag::sales_channels, "sales_channels", true},
    {Flag::product_categories, "product_categories", false},
    {Flag::publishable_api_keys, "publishable_api_keys", true},
    {Flag::order_editing, "order_editing", true},
    {Flag::tax_inclusive_pricing, "tax_inclusive_pricing", false},
    {Flag::analytics, "analytics", true},
}};
} // namespace

Flags::Flags() {
  for (const auto& row : kFlags) set(row.flag, row.on);
}

void Flags::set(Flag flag, bool value) {
  const auto bit = 1u << static_cast<int>(flag);
  bits_ = value ? bits_ | bit : bits_ & ~bit;
}

std::optional<Flag> flag_named(std::string_view key) {
  for (const auto& row : kFlags)
    if (row.key == key) return row.flag;
  return {};
}

std::string_view flag_key(Flag flag) {
  for (const auto& row : kFlags)
    if (row.flag == flag) return row.key;
  return {};
}

} // namespace schema
