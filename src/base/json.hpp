// JSON: a value that keeps the order of its members, and a writer that appends text without building values.
// Owns nothing beyond its values. Called by every room, on any thread. Parsing lives in json.cpp (Boost.JSON's
// parser); only the value and the writer are seen here, so that endpoint files stay light to compile.
#pragma once
#include "base/name_index.hpp"
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace base {

class Json;
struct JsonMember;
using JsonArray = std::vector<Json>;

// Members in the order of the text. Looking one up costs the same however many there are. Names are unique, and stay what
// they are while the member is there.
class JsonObject {
 public:
  using Members = std::vector<JsonMember>;

  JsonObject() = default;
  JsonObject(std::initializer_list<JsonMember> members);

  Members::const_iterator begin() const;
  Members::const_iterator end() const;
  Members::iterator begin();
  Members::iterator end();
  std::size_t size() const;
  bool empty() const;
  void reserve(std::size_t members);

  // The value of that name, or null.
  const Json* find(std::string_view name) const;
  Json* find(std::string_view name);
  // Sets or replaces a member: a new one stands last, others keep their place.
  Json& set(std::string_view name, Json value);
  // Appends a member whose name is new, which is not checked.
  void push_back(JsonMember member);
  void erase(std::string_view name);
  template<class Unwanted> void erase_if(Unwanted unwanted);

  bool operator==(const JsonObject& other) const;
  // How many names are compared when each member is looked up once: what tests look at.
  std::size_t comparisons() const;

 private:
  Members members_;
  NameIndex index_;
};

class Json {
 public:
  // `undefined` is what a missing member is: it is never parsed, and writing an object leaves it out.
  enum class Kind { undefined, null, boolean, integer, number, string, array, object };

  Json() = default;
  Json(std::nullptr_t);
  Json(bool v);
  Json(int v);
  Json(std::int64_t v);
  Json(long long v);
  Json(std::size_t v);
  Json(double v);
  Json(std::string v);
  Json(std::string_view v);
  Json(const char* v);
  Json(JsonArray v);
  Json(JsonObject v);
  template<class T> Json(const std::optional<T>& v);
  static Json object();
  static Json array();

  Kind kind() const { return static_cast<Kind>(value_.index()); }
  bool is_undefined() const { return kind() == Kind::undefined; }
  bool is_null() const { return kind() == Kind::null; }
  bool is_nullish() const { return is_undefined() || is_null(); }
  bool is_bool() const { return kind() == Kind::boolean; }
  bool is_integer() const { return kind() == Kind::integer; }
  bool is_number() const { return kind() == Kind::integer || kind() == Kind::number; }
  bool is_string() const { return kind() == Kind::string; }
  bool is_array() const { return kind() == Kind::array; }
  bool is_object() const { return kind() == Kind::object; }

  // Typed access; throws std::bad_variant_access on another kind (a bug: check or validate first).
  bool as_bool() const { return std::get<bool>(value_); }
  std::int64_t as_int() const;
  double as_number() const;
  const std::string& as_string() const { return std::get<std::string>(value_); }
  const JsonArray& as_array() const { return std::get<JsonArray>(value_); }
  JsonArray& as_array() { return std::get<JsonArray>(value_); }
  const JsonObject& as_object() const { return std::get<JsonObject>(value_); }
  JsonObject& as_object() { return std::get<JsonObject>(value_); }

  // The member of that name; an undefined value where this is no object or has no such member.
  const Json& operator[](std::string_view name) const;
  bool has(std::string_view name) const { return !(*this)[name].is_undefined(); }
  // Sets or replaces a member (turns an undefined value into an object).
  Json& set(std::string_view name, Json value);
  void erase(std::string_view name);
  void push_back(Json value);
  std::size_t size() const; // of an array or object, else 0

  // Values by JavaScript's truthiness.
  bool truthy() const;
  bool operator==(const Json& other) const;

  // Compact text, as JSON.stringify writes it.
  std::string dump() const;

 private:
  std::variant<std::monostate, std::nullptr_t, bool, std::int64_t, double, std::string, JsonArray, JsonObject> value_;
};

struct JsonMember {
  std::string name;
  Json value;
  bool operator==(const JsonMember&) const = default;
};

// Here, where a member is a complete type.
inline JsonObject::Members::const_iterator JsonObject::begin() const { return members_.begin(); }
inline JsonObject::Members::const_iterator JsonObject::end() const { return members_.end(); }
inline JsonObject::Members::iterator JsonObject::begin() { return members_.begin(); }
inline JsonObject::Members::iterator JsonObject::end() { return members_.end(); }
inline std::size_t JsonObject::size() const { return members_.size(); }
inline bool JsonObject::empty() const { return members_.empty(); }
template<class Unwanted> void JsonObject::erase_if(Unwanted unwanted) {
  if (std::erase_if(members_, unwanted)) index_.changed(members_);
}

inline Json::Json(std::nullptr_t) : value_(nullptr) {}
inline Json::Json(bool v) : value_(v) {}
inline Json::Json(int v) : value_(std::int64_t{v}) {}
inline Json::Json(std::int64_t v) : value_(v) {}
inline Json::Json(long long v) : value_(std::int64_t{v}) {}
inline Json::Json(std::size_t v) : value_(static_cast<std::int64_t>(v)) {}
inline Json::Json(double v) : value_(v) {}
inline Json::Json(std::string v) : value_(std::move(v)) {}
inline Json::Json(std::string_view v) : value_(std::string(v)) {}
inline Json::Json(const char* v) : value_(std::string(v)) {}
template<class T> Json::Json(const std::optional<T>& v) {
  if (v)
    *this = Json(*v);
  else
    value_ = nullptr;
}
inline Json Json::object() { return Json(JsonObject{}); }
inline Json Json::array() { return Json(JsonArray{}); }

struct JsonParseError : std::runtime_error {
  std::size_t offset; // bytes from the start of the text
  JsonParseError(const std::string& what, std::size_t at) : std::runtime_error(what), offset(at) {}
};
// Parses a whole text (UTF-8 checked; at most 512 levels deep). Throws JsonParseError.
Json parse_json(std::string_view text);

// Appends JSON text to a string. Commas are its own business; pairing of open and close is the caller's.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}
  JsonWriter& open_object() { return open('{'); }
  JsonWriter& close_object() { return close('}'); }
  JsonWriter& open_array() { return open('['); }
  JsonWriter& close_array() { return close(']'); }
  // `name` must need no escapes (our own member names never do).
  JsonWriter& key(std::string_view name) {
    separate();
    out_.push_back('"');
    out_.append(name);
    out_.append("\":", 2);
    comma_ = false;
    return *this;
  }
  // Text that is JSON already.
  JsonWriter& raw(std::string_view text) {
    separate();
    out_.append(text);
    comma_ = true;
    return *this;
  }
  JsonWriter& null() { return raw("null"); }
  JsonWriter& boolean(bool v) { return raw(v ? "true" : "false"); }
  JsonWriter& integer(std::int64_t v);
  JsonWriter& number(double v); // as JavaScript prints it
  JsonWriter& string(std::string_view v) {
    separate();
    quote(out_, v);
    comma_ = true;
    return *this;
  }
  JsonWriter& value(const Json& v); // undefined is written as null outside of objects
  std::string& out() { return out_; }

  static void quote(std::string& out, std::string_view text);

 private:
  void separate() {
    if (comma_) out_.push_back(',');
  }
  JsonWriter& open(char c) {
    separate();
    out_.push_back(c);
    comma_ = false;
    return *this;
  }
  JsonWriter& close(char c) {
    out_.push_back(c);
    comma_ = true;
    return *this;
  }
  std::string& out_;
  bool comma_ = false;
};

// A double as JavaScript's String(v) prints it ("0.1", "1e+21", "NaN").
std::string number_text(double v);

} // namespace base
