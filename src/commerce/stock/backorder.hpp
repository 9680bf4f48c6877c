// Whether more may be sold than there is. Pure; any thread. Named by those who sell.
#pragma once

namespace commerce::stock {

enum class Backorder { by_variant, allowed };

} // namespace commerce::stock
