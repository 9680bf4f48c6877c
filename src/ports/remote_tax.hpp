// A tax provider that lives outside of this process: what it is asked becomes an ask. Owns nothing. Used like any provider, on
// the fiber of the request.
#pragma once
#include "ports/outside.hpp"
#include "ports/tax_provider.hpp"
#include <memory>
#include <string>

namespace ports {

std::unique_ptr<TaxProvider> remote_tax_provider(std::string id);

} // namespace ports
