#include "commerce/pricing/places.hpp"
#include "base/error.hpp"
#include "base/json_text.hpp"

namespace commerce::pricing {

using base::Json;

namespace {

// A bound of 0 is no bound.
std::string bound(const Json& quantity) { return quantity.truthy() ? quantity.dump() : std::string(); }

std::string quantities(const std::string& low, const std::string& high) {
  if (low.empty() && high.empty()) return {};
  if (high.empty()) return " from a quantity of " + low + " on";
  return " for quantities " + (low.empty() ? "" : "from " + low + " ") + "up to " + high;
}

} // namespace

void Places::take(const Json& price, std::string_view variant) {
  const Json& region = price["region_id"];
  const std::string place = region.truthy() ? "region " + base::spelled(region)
                                            : "currency " + base::lower(base::spelled(price["currency_code"]));
  const std::string where = place + quantities(bound(price["min_quantity"]), bound(price["max_quantity"]));
  std::string key(variant);
  key.append(1, '\n').append(where);
  if (taken_.emplace(std::move(key), true).second) return;
  throw base::Error::invalid_data("prices: two of them are for " + where +
                                  (variant.empty() ? std::string() : " of variant " + std::string(variant)));
}

} // namespace commerce::pricing
