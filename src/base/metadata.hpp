// JSON objects put together as JavaScript spreads them, the rule by which clients change metadata, and how much of a
// client's own a row may keep. Called by http (rules, Resource rows) and commerce, on any thread.
#pragma once
#include "base/json.hpp"

namespace base {

// {...first, ...second}: members of `second` replace those of `first` in their place, new ones follow.
Json spread(Json first, const Json& second);

// What a column keeps of JSON that clients choose (metadata, a cart's context, a payment session's data): as much text as
// one body may bring, however many requests add to it, and no deeper than leaves room for what stands around it, since
// parse_json() reads at most 512 levels.
constexpr std::size_t kMostKept = 100 * 1024; // bytes
constexpr std::size_t kDeepestKept = 100;     // levels
// The sentence that refuses such a value; empty where it may be kept. `field` is what the client calls it.
std::string refusal_to_keep(std::string_view field, const Json& value);

// {...kept, ...more} for such a column. Throws Error::invalid_data for what may not be kept; what has been there already,
// and is no more than it was, may stay.
Json spread_kept(std::string_view field, Json kept, const Json& more);
// Medusa 1.20: setMetadata. New members replace old ones; an empty string removes the member. Throws as spread_kept().
Json merge_metadata(const Json& existing, const Json& update);

// Equal as JavaScript's lodash sees it: the order of members does not count.
bool same_value(const Json& a, const Json& b);

} // namespace base
