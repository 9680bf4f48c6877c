#include "commerce/values.hpp"

namespace commerce {

using base::Json;

std::optional<std::string> optional_text(const Json& value) {
  return value.is_string() ? std::optional(value.as_string()) : std::nullopt;
}

std::optional<std::int64_t> optional_integer(const Json& value) {
  return value.is_number() ? std::optional(value.as_int()) : std::nullopt;
}

const base::JsonArray& elements_of(const Json& list) {
  static const base::JsonArray none;
  return list.is_array() ? list.as_array() : none;
}

std::vector<std::string> texts_of(const Json& list) {
  std::vector<std::string> texts;
  for (const auto& text : elements_of(list)) texts.push_back(text.as_string());
  return texts;
}

std::vector<std::string> texts_of(const Json& list, std::string_view member) {
  std::vector<std::string> texts;
  for (const auto& element : elements_of(list)) texts.push_back(element[member].as_string());
  return texts;
}

} // namespace commerce
