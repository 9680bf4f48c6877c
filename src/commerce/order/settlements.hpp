// What a payment provider has done for an operation that failed afterwards, or whose server died: it is stored, so that rows
// and money agree, or it is taken back where the order is not to be any more. Owns nothing. Added at start; run by
// ports::settle, each in a transaction of its own.
#pragma once

namespace commerce::order {

void add_settlements();

} // namespace commerce::order
