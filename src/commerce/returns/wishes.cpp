#include "commerce/returns/wishes.hpp"
#include "commerce/values.hpp"

namespace commerce::returns {

using base::Json;

std::vector<WishedItem> wished_items(const Json& items) {
  std::vector<WishedItem> wished;
  for (const auto& item : items.as_array())
    wished.push_back({item["item_id"].as_string(), item["quantity"].as_int(), optional_text(item["reason_id"]),
                      optional_text(item["note"])});
  return wished;
}

std::optional<WishedShipping> wished_shipping(const Json& shipping) {
  if (!shipping.is_object()) return std::nullopt;
  WishedShipping wished{.option_id = optional_text(shipping["option_id"]).value_or("")};
  if (shipping["price"].is_number()) wished.price = shipping["price"].as_int();
  return wished;
}

} // namespace commerce::returns
