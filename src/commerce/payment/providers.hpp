// The native payment providers: "manual" (medusa-payment-manual) and "system" (what 1.20 uses where nothing is to be
// paid). Called once at start by app.
#pragma once

namespace commerce::payment {

enum class Manual { installed, absent };
void add_native_providers(Manual manual);

} // namespace commerce::payment
