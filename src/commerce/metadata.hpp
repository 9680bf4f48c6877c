// JSON objects put together as JavaScript spreads them, and the rule by which clients change metadata. Any thread.
#pragma once
#include "base/json.hpp"

namespace commerce {

// {...first, ...second}: members of `second` replace those of `first` in their place, new ones follow.
base::Json spread(base::Json first, const base::Json& second);

// Medusa 1.20: setMetadata. New members replace old ones; an empty string removes the member.
base::Json merge_metadata(const base::Json& existing, const base::Json& update);

// Equal as JavaScript's lodash sees it: the order of members does not count.
bool same_value(const base::Json& a, const base::Json& b);

} // namespace commerce
