// One request, one effect, for work that keeps the request's key in a row of its own (a return, a swap, a claim). Owns nothing.
// Called by the handlers of those, on the fiber of the request.
#pragma once
#include "commerce/idempotency/idempotency.hpp"
#include <functional>

namespace commerce::idempotency {

// As run() of idempotency.hpp; `work` is told the key, which is the client's or a fresh one.
void run_with_key(http::Context& context, const std::function<Reply(const Key&)>& work);

} // namespace commerce::idempotency
