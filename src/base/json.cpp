#include "base/json.hpp"
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>

namespace base {

Json::Json(JsonArray v) : value_(std::move(v)) {}
Json::Json(JsonObject v) : value_(std::move(v)) {}

std::int64_t Json::as_int() const {
  if (const auto* d = std::get_if<double>(&value_)) return static_cast<std::int64_t>(*d);
  return std::get<std::int64_t>(value_);
}
double Json::as_number() const {
  if (const auto* i = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*i);
  return std::get<double>(value_);
}

JsonObject::JsonObject(std::initializer_list<JsonMember> members) : members_(members) { index_.changed(members_); }

void JsonObject::reserve(std::size_t members) { members_.reserve(members); }

const Json* JsonObject::find(std::string_view name) const {
  const std::size_t at = index_.find(members_, name);
  return at < members_.size() ? &members_[at].value : nullptr;
}
Json* JsonObject::find(std::string_view name) { return const_cast<Json*>(std::as_const(*this).find(name)); }

Json& JsonObject::set(std::string_view name, Json value) {
  if (Json* known = find(name)) return *known = std::move(value);
  push_back({std::string(name), std::move(value)});
  return members_.back().value;
}

void JsonObject::push_back(JsonMember member) {
  members_.push_back(std::move(member));
  index_.appended(members_);
}

void JsonObject::erase(std::string_view name) {
  const std::size_t at = index_.find(members_, name);
  if (at == members_.size()) return;
  members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(at));
  index_.changed(members_);
}

bool JsonObject::operator==(const JsonObject& other) const { return members_ == other.members_; }

std::size_t JsonObject::comparisons() const { return index_.comparisons(members_); }

const Json& Json::operator[](std::string_view name) const {
  static const Json undefined;
  const auto* members = std::get_if<JsonObject>(&value_);
  const Json* found = members ? members->find(name) : nullptr;
  return found ? *found : undefined;
}

Json& Json::set(std::string_view name, Json value) {
  if (is_undefined()) value_ = JsonObject{};
  return as_object().set(name, std::move(value));
}

void Json::erase(std::string_view name) {
  if (is_object()) as_object().erase(name);
}

void Json::push_back(Json value) {
  if (is_undefined()) value_ = JsonArray{};
  as_array().push_back(std::move(value));
}

std::size_t Json::size() const {
  if (is_array()) return as_array().size();
  return is_object() ? as_object().size() : 0;
}

bool Json::truthy() const {
  switch (kind()) {
  case Kind::undefined:
  case Kind::null: return false;
  case Kind::boolean: return as_bool();
  case Kind::integer: return as_int() != 0;
  case Kind::number: return as_number() != 0 && !std::isnan(as_number());
  case Kind::string: return !as_string().empty();
  default: return true;
  }
}

bool Json::operator==(const Json& other) const {
  if (is_number() && other.is_number()) return as_number() == other.as_number();
  return value_ == other.value_;
}

std::string Json::dump() const {
  std::string out;
  JsonWriter(out).value(*this);
  return out;
}

// --- parsing: Boost.JSON's event parser feeding our values ---------------------------------------------------------

namespace {

struct Builder {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);
  using error_code = boost::json::error_code;
  using string_view = boost::json::string_view;

  std::vector<Json> open; // containers being filled; [0] receives the result
  std::vector<std::string> names;
  std::string text;

  Builder() { open.push_back(Json::array()); }
  void put(Json v) {
    Json& top = open.back();
    if (top.is_array()) {
      top.as_array().push_back(std::move(v));
    } else {
      auto& members = top.as_object();
      if (Json* earlier = members.find(names.back()))
        *earlier = std::move(v);
      else
        members.push_back({std::move(names.back()), std::move(v)});
      names.pop_back();
    }
  }
  bool close() {
    Json done = std::move(open.back());
    open.pop_back();
    put(std::move(done));
    return true;
  }
  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return open.push_back(Json::object()), true; }
  bool on_object_end(std::size_t, error_code&) { return close(); }
  bool on_array_begin(error_code&) { return open.push_back(Json::array()), true; }
  bool on_array_end(std::size_t, error_code&) { return close(); }
  bool on_key_part(string_view s, std::size_t, error_code&) { return text.append(s.data(), s.size()), true; }
  bool on_key(string_view s, std::size_t, error_code&) {
    text.append(s.data(), s.size());
    names.push_back(std::exchange(text, {}));
    return true;
  }
  bool on_string_part(string_view s, std::size_t, error_code&) { return text.append(s.data(), s.size()), true; }
  bool on_string(string_view s, std::size_t, error_code&) {
    text.append(s.data(), s.size());
    put(Json(std::exchange(text, {})));
    return true;
  }
  bool on_number_part(string_view s, error_code&) { return text.append(s.data(), s.size()), true; }
  bool on_int64(std::int64_t v, string_view, error_code&) { return text.clear(), put(Json(v)), true; }
  bool on_uint64(std::uint64_t v, string_view, error_code&) {
    return text.clear(), put(Json(static_cast<double>(v))), true;
  }
  // Boost.JSON 1.81 reads a number of many digits a little off; what is read and written back must stay the same.
  bool on_double(double v, string_view s, error_code&) {
    text.append(s.data(), s.size());
    double exact = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exact);
    put(Json(error == std::errc{} && end == text.data() + text.size() ? exact : v));
    text.clear();
    return true;
  }
  bool on_bool(bool v, error_code&) { return put(Json(v)), true; }
  bool on_null(error_code&) { return put(Json(nullptr)), true; }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }
};

} // namespace

Json parse_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = 512;
  boost::json::basic_parser<Builder> parser(options);
  boost::json::error_code error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (!error && used < text.size() && text.find_first_not_of(" \t\r\n", used) != std::string_view::npos)
    error = boost::json::make_error_code(boost::json::error::extra_data);
  if (error) throw JsonParseError(error.message(), used);
  return std::move(parser.handler().open[0].as_array().at(0));
}

// --- writing -------------------------------------------------------------------------------------------------------

JsonWriter& JsonWriter::integer(std::int64_t v) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, v).ptr;
  return raw({digits, static_cast<std::size_t>(end - digits)});
}

JsonWriter& JsonWriter::number(double v) { return raw(std::isfinite(v) ? number_text(v) : "null"); }

JsonWriter& JsonWriter::value(const Json& v) {
  switch (v.kind()) {
  case Json::Kind::undefined:
  case Json::Kind::null: return null();
  case Json::Kind::boolean: return boolean(v.as_bool());
  case Json::Kind::integer: return integer(v.as_int());
  case Json::Kind::number: return number(v.as_number());
  case Json::Kind::string: return string(v.as_string());
  case Json::Kind::array:
    open_array();
    for (const auto& element : v.as_array()) value(element);
    return close_array();
  case Json::Kind::object:
    open_object();
    for (const auto& member : v.as_object()) {
      if (member.value.is_undefined()) continue;
      separate();
      quote(out_, member.name);
      out_.push_back(':');
      comma_ = false;
      value(member.value);
    }
    return close_object();
  }
  return *this;
}

namespace {
constexpr std::array<char, 256> escapes() {
  std::array<char, 256> table{};
  for (int i = 0; i < 32; i++) table[i] = 'u';
  table['"'] = '"';
  table['\\'] = '\\';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['\b'] = 'b';
  table['\f'] = 'f';
  return table;
}
constexpr auto kEscapes = escapes();
} // namespace

void JsonWriter::quote(std::string& out, std::string_view text) {
  out.push_back('"');
  const char* start = text.data();
  const char* const end = start + text.size();
  for (const char* p = start; p != end; ++p) {
    const char escape = kEscapes[static_cast<unsigned char>(*p)];
    if (!escape) continue;
    out.append(start, p);
    start = p + 1;
    out.push_back('\\');
    out.push_back(escape);
    if (escape == 'u') {
      constexpr char hex[] = "0123456789abcdef";
      out.append("00", 2);
      out.push_back(hex[(*p >> 4) & 15]);
      out.push_back(hex[*p & 15]);
    }
  }
  out.append(start, end);
  out.push_back('"');
}

std::string number_text(double v) {
  if (std::isnan(v)) return "NaN";
  if (std::isinf(v)) return v < 0 ? "-Infinity" : "Infinity";
  if (v == 0) return "0";
  // The shortest digits that read back as v, laid out by ECMAScript's Number::toString.
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, v, std::chars_format::scientific).ptr;
  std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  std::string out;
  if (text.front() == '-') {
    out.push_back('-');
    text.remove_prefix(1);
  }
  const auto e = text.find('e');
  std::string digits(text.substr(0, 1));
  if (e > 2) digits.append(text.substr(2, e - 2));
  int exponent = 0;
  const char* from = text.data() + e + 1;
  if (*from == '+') ++from;
  std::from_chars(from, text.data() + text.size(), exponent);
  const int n = exponent + 1, k = static_cast<int>(digits.size());
  if (k <= n && n <= 21) return out + digits + std::string(static_cast<std::size_t>(n - k), '0');
  if (0 < n && n <= 21) return out + digits.substr(0, n) + "." + digits.substr(n);
  if (-6 < n && n <= 0) return out + "0." + std::string(static_cast<std::size_t>(-n), '0') + digits;
  out += digits[0];
  if (k > 1) out += "." + digits.substr(1);
  return out + "e" + (exponent < 0 ? "-" : "+") + std::to_string(std::abs(exponent));
}

} // namespace base
