// A payment provider that lives outside of this process: each of its functions becomes an ask. Owns nothing. Added at start
// for each provider that the other side offers; used like any provider, on the fiber of the request.
#pragma once
#include "ports/outside.hpp"
#include "ports/payment_provider.hpp"
#include <memory>
#include <string>

namespace ports {

// `refunds` says whether a refund may be asked for again by its key.
std::unique_ptr<PaymentProvider> remote_payment_provider(std::string id, Ask::Again refunds);

// The arguments of lasting asks, as settlements read them.
base::Json payment_arguments(const Payment& payment);
base::Json refund_arguments(const Payment& payment, const Refund& refund);

} // namespace ports
