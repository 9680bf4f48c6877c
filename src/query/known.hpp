// What whoever reads knows of a relation before anything is asked. Owns nothing. Called by commerce, on any thread.
#pragma once
#include "query/query.hpp"
#include <string_view>

namespace query {

// The relation at that dotted path has no rows, as those that it hangs on have just been written: where it is selected, it is shown as
// empty and not asked for.
void know_empty(Selection& selection, std::string_view path);
bool is_known_empty(const Selection::Child& child);

} // namespace query
