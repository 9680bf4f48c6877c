// Reads of one row most of whose relations have no rows: a cart has an item and an address, and neither discounts nor gift cards
// nor returns. Owns nothing. Called by commerce, on the fiber of the request.
#pragma once
#include "query/query.hpp"
#include <string_view>

namespace query {

// As read_one, in two round trips: the first brings the row (behind `before`) and tells which relations have rows, in one statement
// for all; the second asks for those.
Tree read_sparse(db::Session& session, const schema::Flags& flags, const Read& read, std::string_view key,
                 db::Batch& before);
Tree read_sparse(db::Session& session, const schema::Flags& flags, const Read& read, std::string_view key);

} // namespace query
