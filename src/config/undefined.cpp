#include "config/undefined.hpp"
#include <algorithm>

namespace config {
namespace {
using base::Json;
constexpr std::string_view kWord = "undefined";

Json stripped(const Json& value, const std::string& path, std::vector<std::string>& keys) {
  if (value.is_array()) {
    Json list = Json::array();
    std::size_t at = 0;
    for (const Json& item : value.as_array())
      list.push_back(is_undefined(item) ? item : stripped(item, path + "[" + std::to_string(at) + "]", keys)), ++at;
    return list;
  }
  if (!value.is_object() || value["$type"].is_string()) return value;
  Json object = Json::object();
  for (const auto& [name, member] : value.as_object()) {
    const std::string key = path.empty() ? name : path + "." + name;
    if (is_undefined(member))
      keys.push_back(key);
    else
      object.set(name, stripped(member, key, keys));
  }
  return object;
}

std::string_view host_of(std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != text.npos) text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find_first_of("/?#"));
  if (const auto at = text.rfind('@'); at != text.npos) text.remove_prefix(at + 1);
  return text.substr(0, text.find(':'));
}
} // namespace

bool is_undefined(const Json& value) { return value["$type"] == Json(kWord); }

Json without_undefined(const Json& value, std::vector<std::string>& keys) { return stripped(value, {}, keys); }

UndefinedParts undefined_parts(std::string_view text) {
  UndefinedParts parts;
  for (std::size_t from = 0; from <= text.size();) {
    const auto end = std::min(text.find_first_of("/:@?&=#, ", from), text.size());
    parts.any = parts.any || text.substr(from, end - from) == kWord;
    from = end + 1;
  }
  parts.host = parts.any && (text.find("://") != text.npos || text == kWord) && host_of(text) == kWord;
  return parts;
}

} // namespace config
