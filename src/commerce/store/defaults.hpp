// The rows that a shop can't be without: countries, currencies, the store, its profiles and sales channel, and which
// providers are installed. Owns nothing. Called by app at each start, on the fiber of the start.
#pragma once
#include "ports/call.hpp"
#include <string>
#include <vector>

namespace commerce::store {

// The ids of the providers that this server has.
struct InstalledProviders {
  std::vector<std::string> payment, fulfillment, notification, tax;
};

// Makes what is missing and leaves the rest alone; safe when several servers start at once. One round trip of a
// constant number of statements.
void ensure_defaults(ports::Call& call, const InstalledProviders& installed);

} // namespace commerce::store
