// JSON objects put together as JavaScript spreads them, and the rule by which clients change metadata.
// Called by http (Resource rows) and commerce, on any thread.
#pragma once
#include "base/json.hpp"

namespace base {

// {...first, ...second}: members of `second` replace those of `first` in their place, new ones follow.
Json spread(Json first, const Json& second);

// Medusa 1.20: setMetadata. New members replace old ones; an empty string removes the member.
Json merge_metadata(const Json& existing, const Json& update);

// Equal as JavaScript's lodash sees it: the order of members does not count.
bool same_value(const Json& a, const Json& b);

} // namespace base
