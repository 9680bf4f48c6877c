#include "base/metadata.hpp"

namespace base {

Json spread(Json first, const Json& second) {
  if (!first.is_object()) first = Json::object();
  if (second.is_object())
    for (const auto& member : second.as_object()) first.set(member.name, member.value);
  // Quirk: a text or a list spreads into members "0", "1", ...
  if (second.is_array())
    for (std::size_t i = 0; i < second.size(); i++) first.set(std::to_string(i), second.as_array()[i]);
  if (second.is_string())
    for (std::size_t i = 0; i < second.as_string().size(); i++)
      first.set(std::to_string(i), std::string(1, second.as_string()[i]));
  return first;
}

Json merge_metadata(const Json& existing, const Json& update) {
  Json merged = existing.is_object() ? existing : Json::object();
  if (!update.is_object()) return merged;
  for (const auto& [name, value] : update.as_object()) {
    if (value.is_string() && value.as_string().empty())
      merged.erase(name);
    else
      merged.set(name, value);
  }
  return merged;
}

bool same_value(const Json& a, const Json& b) {
  if (a.kind() != b.kind() && !(a.is_number() && b.is_number())) return false;
  if (a.size() != b.size()) return false;
  if (a.is_object() && b.is_object()) {
    for (const auto& [name, value] : a.as_object())
      if (!b.has(name) || !same_value(value, b[name])) return false;
    return true;
  }
  if (a.is_array() && b.is_array()) {
    for (std::size_t i = 0; i < a.size(); i++)
      if (!same_value(a.as_array()[i], b.as_array()[i])) return false;
    return true;
  }
  if (a.is_number() && b.is_number()) return a.as_number() == b.as_number();
  return a == b;
}

} // namespace base
