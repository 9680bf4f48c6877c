#include "config/supported.hpp"
#include <utility>

namespace config {
namespace {
constexpr Package kPackages[] = {
    {"medusa-payment-manual", Support::native},
    {"medusa-fulfillment-manual", Support::native},
    {"@medusajs/file-local", Support::native},
    {"@medusajs/admin", Support::native},
    {"@medusajs/event-bus-local", Support::module, "eventBus"},
    {"@medusajs/event-bus-redis", Support::module, "eventBus"},
    {"@medusajs/cache-inmemory", Support::module, "cacheService"},
    {"@medusajs/cache-redis", Support::module, "cacheService"},
    {"@medusajs/inventory", Support::module, "inventoryService"},
    {"@medusajs/stock-location", Support::module, "stockLocationService"},
};

// Medusa 1.20: modules-sdk/src/definitions.ts
constexpr std::pair<std::string_view, std::string_view> kModules[] = {
    {"eventBus", "@medusajs/event-bus-local"},
    {"stockLocationService", "@medusajs/stock-location"},
    {"inventoryService", "@medusajs/inventory"},
    {"cacheService", "@medusajs/cache-inmemory"},
    {"productService", "@medusajs/product"},
    {"pricingService", "@medusajs/pricing"},
    {"promotion", "@medusajs/promotion"},
    {"authentication", "@medusajs/authentication"},
    {"cart", "@medusajs/cart"},
};
} // namespace

Support support_of(std::string_view package) {
  for (const Package& row : kPackages)
    if (row.name == package) return row.support;
  return Support::none;
}

std::string_view module_of(std::string_view package) {
  for (const Package& row : kPackages)
    if (row.name == package) return row.module;
  return {};
}

std::string_view default_package(std::string_view module_key) {
  for (const auto& [key, package] : kModules)
    if (key == module_key) return package;
  return {};
}

std::vector<std::string> module_keys() {
  std::vector<std::string> keys;
  for (const auto& [key, package] : kModules) keys.emplace_back(key);
  return keys;
}

std::span<const Package> packages() { return kPackages; }

} // namespace config
