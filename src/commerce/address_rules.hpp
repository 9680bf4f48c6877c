// What a body may say of an address where all of it may be left out. Owns the rules; read by carts and customers, any thread.
#pragma once
#include "rules/rules.hpp"

namespace commerce {

// Medusa 1.20: AddressPayload
extern const rules::Rules kAddressRules;

} // namespace commerce
