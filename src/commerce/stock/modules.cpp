#include "commerce/stock/modules.hpp"
#include "base/error.hpp"
#include "config/config.hpp"

namespace commerce::stock {

bool enabled(const ports::Call& call, Module module) {
  return module == Module::inventory ? call.config.inventory() : call.config.stock_location();
}

// Medusa 1.20: checkRegisteredModules
void need(const ports::Call& call, Module module) {
  if (enabled(call, module)) return;
  throw base::Error::not_allowed(
      module == Module::inventory
          ? "Inventory is not enabled. Please add an Inventory module to enable this functionality."
          : "Stock Locations are not enabled. Please add a Stock Location module to enable this functionality.");
}

http::Routes needing(Module module, http::Routes routes) {
  for (auto& route : routes)
    route.handler = [module, handler = std::move(route.handler)](http::Context& context) {
      need(context.call, module);
      handler(context);
    };
  return routes;
}

} // namespace commerce::stock
