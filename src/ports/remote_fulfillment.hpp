// A fulfilment provider that lives outside of this process: each of its functions becomes an ask. Owns nothing. Added at start
// for each provider that the other side offers; used like any provider, on the fiber of the request.
#pragma once
#include "ports/fulfillment_provider.hpp"
#include "ports/outside.hpp"
#include <memory>
#include <string>

namespace ports {

// `again` says whether a parcel may be announced again by its key.
std::unique_ptr<FulfillmentProvider> remote_fulfillment_provider(std::string id, Ask::Again again);

} // namespace ports
