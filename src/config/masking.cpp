#include "config/masking.hpp"
#include "config/logins.hpp"
#include "config/properties.hpp"

namespace config {
namespace {
using base::Json;

constexpr std::string_view kCovered = "***";

// Any text in options may be a key or a password; names of packages and files are none.
Json covered(const Json& value) {
  if (value.is_string()) return Json(kCovered);
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& item : value.as_array()) list.push_back(covered(item));
    return list;
  }
  if (!value.is_object()) return value;
  if (value["$type"].is_string()) return Json("[" + value["$type"].as_string() + "]");
  Json object = Json::object();
  for (const auto& [name, item] : value.as_object()) object.set(name, name == "resolve" ? item : covered(item));
  return object;
}

// Entries of `plugins` and `modules`: a text is a package's name.
Json extensions(const Json& value) {
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& item : value.as_array()) list.push_back(item.is_string() ? item : covered(item));
    return list;
  }
  Json table = Json::object();
  for (const auto& [key, item] : value.as_object()) table.set(key, item.is_string() ? item : covered(item));
  return table;
}
} // namespace

Json shown_value(const Setting& setting) {
  const Json& value = setting.value;
  // What everybody knows is no secret.
  if (value.is_undefined() || setting.source == Source::fallback) return value;
  switch (setting.property->kind) {
  case Kind::lenient_object: return covered(value);
  case Kind::object:
  case Kind::list: return extensions(value);
  case Kind::text:
    if (setting.property->secrecy == Secrecy::secret) return Json(covered_url(value.as_string()));
    return value;
  default: return setting.property->secrecy == Secrecy::secret ? covered(value) : value;
  }
}

} // namespace config
