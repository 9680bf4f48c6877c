// Amounts are integers in the currency's minor unit; rates are doubles, rounded as JavaScript rounds. Any thread.
#pragma once
#include <cmath>
#include <cstdint>

namespace base {

using Amount = std::int64_t; // minor currency units

// JavaScript's Math.round: halves go towards plus infinity.
inline double js_round(double v) {
  const double down = std::floor(v);
  return v - down >= 0.5 ? down + 1 : down;
}
inline Amount round_amount(double v) { return static_cast<Amount>(js_round(v)); }

} // namespace base
