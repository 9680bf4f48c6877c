// One request, one effect, for handlers: the header Idempotency-Key of the request and of its answer. Owns nothing. Called by the
// handlers of carts, checkout, orders, returns, swaps and claims, on the fiber of the request.
#pragma once
#include "commerce/idempotency/idempotency.hpp"
#include "http/http.hpp"
#include <functional>

namespace commerce::idempotency {

// The request's key (see idempotency.hpp); sets the response's headers.
Key claim(http::Context& context);
// Answers with the reply.
void answer(http::Context& context, Reply reply);

// The whole of it for a request of one step: with a key, `work` runs in one transaction with the key's row, and a
// second request with that key gets the stored reply; without one, `work` just runs. What it throws leaves no row.
void run(http::Context& context, const std::function<Reply()>& work);
// The same for a route where 1.20 knows no keys: without a key of the client's the answer carries none.
void run_if_keyed(http::Context& context, const std::function<Reply()>& work);
// The same for work that keeps the key in a row of its own (a return, a swap, a claim): it is told the client's, or a fresh one.
void run_with_key(http::Context& context, const std::function<Reply(const Key&)>& work);

} // namespace commerce::idempotency
