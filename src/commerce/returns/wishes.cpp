#include "commerce/returns/wishes.hpp"

namespace commerce::returns {

using base::Json;

std::optional<std::string> text_of(const Json& value) {
  return value.is_string() ? std::optional(value.as_string()) : std::nullopt;
}

std::vector<WishedItem> wished_items(const Json& items) {
  std::vector<WishedItem> wished;
  for (const auto& item : items.as_array())
    wished.push_back(
        {item["item_id"].as_string(), item["quantity"].as_int(), text_of(item["reason_id"]), text_of(item["note"])});
  return wished;
}

std::optional<WishedShipping> wished_shipping(const Json& shipping) {
  if (!shipping.is_object()) return std::nullopt;
  WishedShipping wished{.option_id = text_of(shipping["option_id"]).value_or("")};
  if (shipping["price"].is_number()) wished.price = shipping["price"].as_int();
  return wished;
}

} // namespace commerce::returns
