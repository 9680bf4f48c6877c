// Whether the shop keeps stock in the modules @medusajs/inventory and @medusajs/stock-location. Without them their tables
// don't exist, and stock is the variants' column inventory_quantity. Called by the domains that sell, show or move goods;
// pure but for the refusal, any thread.
#pragma once
#include "http/http.hpp"
#include "ports/call.hpp"

namespace commerce::stock {

enum class Module { inventory, stock_location };
bool enabled(const ports::Call& call, Module module);
// Refuses where the module is missing (1.20 answers 500 with this sentence).
void need(const ports::Call& call, Module module);
// The same routes, each of which refuses without the module.
http::Routes needing(Module module, http::Routes routes);

} // namespace commerce::stock
