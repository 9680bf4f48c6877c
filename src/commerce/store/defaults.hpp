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
  // What becomes of the others' rows. left: a process beside this one has providers of its own, and says so itself.
  enum class Others { marked_absent, left } others = Others::marked_absent;
};

// Makes what is missing and leaves the rest alone; safe when several servers start at once. One round trip of a
// constant number of statements.
void ensure_defaults(ports::Call& call, const InstalledProviders& installed);

} // namespace commerce::store
