// Values of a configuration as JavaScript hands them over, turned into what the server means by them.
#include "base/strings.hpp"
#include "config/properties.hpp"
#include <charconv>
#include <cmath>
#include <limits>

namespace config {
namespace {
using base::Json;

// A whole number, given as one or written as a text.
std::optional<Json> whole_number(const Json& value) {
  if (value.is_integer()) return value;
  if (value.is_number()) {
    const double v = value.as_number();
    if (std::floor(v) == v && std::fabs(v) < 9e15) return Json(static_cast<std::int64_t>(v));
    return {};
  }
  if (!value.is_string()) return {};
  const std::string_view text = base::trim(value.as_string());
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return {};
  return Json(number);
}

std::optional<Json> list_of_secrets(const Json& value) {
  if (value.is_string()) return value.as_string().empty() ? Json() : Json(base::JsonArray{value});
  // 1.20 signs nothing with a number: no cookie is ever sent, and every login by token fails.
  if (value.is_number()) return Json(base::JsonArray{base::number_text(value.as_number())});
  if (!value.is_array()) return {};
  for (const Json& item : value.as_array())
    if (!item.is_string() || item.as_string().empty()) return {};
  return value.size() == 0 ? Json() : value;
}

// Whether it is one is looked at when the command line has been read, which may name another.
std::optional<Json> port_of(const Json& value) {
  const auto number = whole_number(value);
  if (!number) return value.is_string() ? std::optional<Json>(value) : std::nullopt;
  return Json(std::to_string(number->as_int()));
}

bool is_pattern_object(const Json& value) { return value["$type"] == Json("RegExp") && value["source"].is_string(); }

std::optional<Json> list_of_origins(const Json& value) {
  if (value.is_string() || is_pattern_object(value)) return value;
  if (!value.is_array()) return value.truthy() ? std::nullopt : std::optional<Json>(Json());
  for (const Json& item : value.as_array())
    if (!item.is_string() && !is_pattern_object(item)) return {};
  return value;
}

std::optional<Json> database_type(const Json& value) {
  if (value == Json("")) return Json();
  if (value == Json("postgres") || value == Json("postgresql")) return value;
  return {};
}

// pg takes two texts as well.
std::optional<Json> tls(const Json& value) {
  if (value == Json("true")) return Json(true);
  if (value == Json("no-verify")) return Json(base::JsonObject{{"rejectUnauthorized", false}});
  if (value.is_bool() || (value.is_object() && !value.has("$type"))) return value;
  return {};
}

// 1.20 starts with another name, fails at every cookie and so sends none.
std::optional<Json> cookie_name(const Json& value) {
  if (!value.is_string()) return {};
  for (const char c : value.as_string())
    if (!std::isalnum(static_cast<unsigned char>(c)) &&
        std::string_view("!#$%&'*+-.^_`|~").find(c) == std::string_view::npos)
      return {};
  return value;
}

// The milliseconds before each of the first attempts; a function that once wants no more ends the list.
std::optional<Json> pauses(const Json& value) {
  if (!value["answer"].is_array()) return {};
  Json list = Json::array();
  for (const Json& pause : value["answer"].as_array()) {
    if (!pause.is_number() || pause.as_number() < 0) break;
    list.push_back(Json(static_cast<std::int64_t>(pause.as_number())));
  }
  return list.size() == 0 ? Json() : list;
}
} // namespace

// Medusa 1.20: bytes.parse: a number and a unit from kb on, else what parseInt makes of it.
std::optional<std::int64_t> parse_bytes(std::string_view text) {
  const auto digits_from = [&](std::size_t at) {
    const auto end = text.find_first_not_of("0123456789", at);
    return (end == text.npos ? text.size() : end) - at;
  };
  std::size_t at = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const bool indented = at > 0, negative = text.substr(at).starts_with('-');
  if (negative || text.substr(at).starts_with('+')) ++at;
  const auto whole = digits_from(at);
  if (whole == 0) return {};
  auto end = at + whole;
  if (end + 1 < text.size() && text[end] == '.' && digits_from(end + 1) > 0) end += 1 + digits_from(end + 1);
  constexpr double kMost = 9'007'199'254'740'992; // as far as JavaScript counts
  const auto number_until = [&](std::size_t behind) {
    double number = kMost;
    std::from_chars(text.data() + at, text.data() + behind, number);
    return negative ? -number : number;
  };
  const auto in_bytes = [&](double number) {
    return static_cast<std::int64_t>(std::clamp(std::floor(number), -kMost, kMost));
  };
  const std::string unit = base::lower(text.substr(std::min(text.find_first_not_of(' ', end), text.size())));
  double factor = 1024;
  for (const std::string_view name : {"kb", "mb", "gb", "tb", "pb"}) {
    if (unit == name && !indented) return in_bytes(number_until(end) * factor);
    factor *= 1024;
  }
  return in_bytes(number_until(at + whole));
}

std::optional<Json> check(Kind kind, const Json& value) {
  if (value.is_nullish()) return Json();
  switch (kind) {
  case Kind::text: return value.is_string() ? std::optional<Json>(value) : std::nullopt;
  case Kind::secrets: return list_of_secrets(value);
  case Kind::truth: return Json(value.truthy());
  case Kind::flag: return Json(value.is_string() ? base::lower(value.as_string()) == "true" : value.truthy());
  case Kind::integer: return whole_number(value);
  case Kind::bytes:
    if (value.is_string()) {
      const auto bytes = parse_bytes(value.as_string());
      return bytes ? std::optional<Json>(Json(*bytes)) : std::nullopt;
    }
    return value.is_number() ? std::optional<Json>(Json(static_cast<std::int64_t>(std::ceil(value.as_number()))))
                             : std::nullopt;
  case Kind::milliseconds: return value == Json(false) ? std::optional<Json>(value) : whole_number(value);
  case Kind::origins: return list_of_origins(value);
  case Kind::object:
  case Kind::lenient_object: return value.is_object() ? std::optional<Json>(value) : std::nullopt;
  case Kind::list: return value.is_array() ? std::optional<Json>(value) : std::nullopt;
  case Kind::logging:
    return value.is_bool() || value.is_string() || value.is_array() ? std::optional<Json>(value) : std::nullopt;
  case Kind::worker_mode:
    return value == Json("shared") || value == Json("worker") || value == Json("server") ? std::optional<Json>(value)
                                                                                         : std::nullopt;
  case Kind::pooler_mode:
    return value == Json("auto") || value == Json("none") || value == Json("session") || value == Json("transaction")
               ? std::optional<Json>(value)
               : std::nullopt;
  case Kind::log_level: {
    if (!value.is_string()) return {};
    const std::string& name = value.as_string();
    const bool known = name == "silly" || base::log_level_named(name) != base::LogLevel::silly;
    return known ? std::optional<Json>(value) : std::nullopt;
  }
  case Kind::port: return port_of(value);
  case Kind::unread: return Json();
  case Kind::database_type: return database_type(value);
  case Kind::boolean: return value.is_bool() ? std::optional<Json>(value) : std::nullopt;
  case Kind::pem: return value.is_string() || value.is_array() ? std::optional<Json>(value) : std::nullopt;
  case Kind::tls: return tls(value);
  case Kind::pauses: return pauses(value);
  case Kind::cookie_name: return cookie_name(value);
  case Kind::anything: return value;
  }
  return {};
}

std::optional<Json> check(const Property& property, const Json& value) {
  auto usable = check(property.kind, value);
  if (!usable || !usable->is_integer()) return usable;
  const std::int64_t number = usable->as_int();
  if (number < property.bounds.least || number > property.bounds.most) return {};
  return usable;
}

} // namespace config
