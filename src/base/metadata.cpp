#include "base/metadata.hpp"
#include "base/error.hpp"
#include <algorithm>

namespace base {
namespace {

std::size_t depth_of(const Json& value) {
  std::size_t deepest = 0;
  if (value.is_array())
    for (const auto& element : value.as_array()) deepest = std::max(deepest, depth_of(element));
  else if (value.is_object())
    for (const auto& member : value.as_object()) deepest = std::max(deepest, depth_of(member.value));
  else
    return 0;
  return deepest + 1;
}

// A value that was there before may be beyond the limits (another server's), and can still be made smaller.
void check_kept(std::string_view field, const Json& before, const Json& after) {
  const auto refusal = refusal_to_keep(field, after);
  if (refusal.empty()) return;
  if (!refusal_to_keep(field, before).empty() && after.dump().size() <= before.dump().size()) return;
  throw Error::invalid_data(refusal);
}

} // namespace

Json spread(Json first, const Json& second) {
  if (!first.is_object()) first = Json::object();
  if (second.is_object())
    for (const auto& member : second.as_object()) first.set(member.name, member.value);
  // Quirk: a text or a list spreads into members "0", "1", ...
  if (second.is_array())
    for (std::size_t i = 0; i < second.size(); i++) first.set(std::to_string(i), second.as_array()[i]);
  if (second.is_string()) {
    const auto& text = second.as_string();
    for (std::size_t at = 0, index = 0; at < text.size(); index++) {
      std::size_t end = at + 1;
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) end++;
      first.set(std::to_string(index), text.substr(at, end - at));
      at = end;
    }
  }
  return first;
}

std::string refusal_to_keep(std::string_view field, const Json& value) {
  if (!value.is_object() && !value.is_array()) return {};
  if (depth_of(value) > kDeepestKept)
    return std::string(field) + " must not be nested deeper than " + std::to_string(kDeepestKept) + " levels";
  if (value.dump().size() > kMostKept)
    return std::string(field) + " must not be longer than " + std::to_string(kMostKept) + " bytes of JSON text";
  return {};
}

Json spread_kept(std::string_view field, Json kept, const Json& more) {
  Json whole = spread(kept, more);
  check_kept(field, kept, whole);
  return whole;
}

Json merge_metadata(const Json& existing, const Json& update) {
  Json merged = existing.is_object() ? existing : spread({}, existing);
  const Json changes = update.is_object() ? update : spread({}, update);
  for (const auto& [name, value] : changes.as_object()) {
    const bool removes = value.is_string() && value.as_string().empty();
    // Those that go are marked first and taken out together: one by one each would move all that stand behind it.
    if (!removes || merged.has(name)) merged.set(name, removes ? Json() : value);
  }
  merged.as_object().erase_if([](const JsonMember& member) { return member.value.is_undefined(); });
  check_kept("metadata", existing, merged);
  return merged;
}

bool same_value(const Json& a, const Json& b) {
  if (a.kind() != b.kind() && !(a.is_number() && b.is_number())) return false;
  if (a.size() != b.size()) return false;
  if (a.is_object() && b.is_object()) {
    for (const auto& [name, value] : a.as_object())
      if (const Json* other = b.as_object().find(name); !other || !same_value(value, *other)) return false;
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
