// The rows of an order that is just being made, for the answer of checkout. Owns nothing. Called by checkout, on the fiber of the
// request.
#pragma once
#include "db/batch.hpp"
#include "ports/call.hpp"
#include "query/in_hand.hpp"
#include <string_view>

namespace commerce::order {

// What completed_view() shows. Sends `writes`, which make the order, and with them asks for what is not in hand then.
query::Tree read_made(ports::Call& call, std::string_view id, db::Batch& writes, query::InHand& rows);

} // namespace commerce::order
