// The native fulfilment provider "manual" (medusa-fulfillment-manual): the shop ships by itself, nobody is told.
// Called once at start by app, where the configuration names it.
#pragma once

namespace commerce::shipping {

void add_manual_provider();

} // namespace commerce::shipping
