#include "commerce/store/modules.hpp"
#include "base/json.hpp"
#include <utility>

namespace commerce::store {

std::string feature_flags_json(const schema::Flags& flags) {
  using schema::Flag;
  // Those that only 1.20's unfinished parts listen to are off.
  static constexpr std::pair<std::string_view, Flag> rows[] = {{"analytics", Flag::analytics},
                                                               {"medusa_v2", Flag::none},
                                                               {"order_editing", Flag::order_editing},
                                                               {"product_categories", Flag::product_categories},
                                                               {"publishable_api_keys", Flag::publishable_api_keys},
                                                               {"sales_channels", Flag::sales_channels},
                                                               {"tax_inclusive_pricing", Flag::tax_inclusive_pricing},
                                                               {"workflows", Flag::none}};
  std::string out;
  base::JsonWriter w(out);
  w.open_array();
  for (const auto& [key, flag] : rows)
    w.open_object().key("key").string(key).key("value").boolean(flag != Flag::none && flags.on(flag)).close_object();
  w.close_array();
  return out;
}

// Quirk: the package is the module's default one, whichever stands in for it.
std::string modules_json(const config::Config& config) {
  std::string out;
  base::JsonWriter w(out);
  const auto add = [&](std::string_view module, std::string_view package) {
    w.open_object().key("module").string(module).key("resolution").string(package).close_object();
  };
  w.open_array();
  add("cacheService", "@medusajs/cache-inmemory");
  add("eventBus", "@medusajs/event-bus-local");
  if (config.inventory()) add("inventoryService", "");
  if (config.stock_location()) add("stockLocationService", "");
  add("orderOrderSalesChannelSalesChannelLink", "");
  w.close_array();
  return out;
}

} // namespace commerce::store
