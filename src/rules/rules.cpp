#include "rules/rules.hpp"
#include "base/date_text.hpp"
#include "base/email.hpp"
#include "base/error.hpp"
#include "base/metadata.hpp"
#include "base/strings.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace rules {
namespace {

using base::Json;
using Problems = std::vector<std::string>;

void check_object(const Rules& rules, Json& value, Problems& problems, const schema::Flags& flags = {});

// JavaScript's Number(text).
double number_of(std::string_view text) {
  text = base::trim(text);
  if (text.empty()) return 0;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), value, 16);
    return error == std::errc() && end == text.data() + text.size() ? static_cast<double>(value) : NAN;
  }
  if (text[0] == '+') text.remove_prefix(1);
  const char first = text.empty() ? ' ' : text[text[0] == '-'];
  if (!std::isdigit(static_cast<unsigned char>(first)) && first != '.') return NAN; // not "inf" or "nan"
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return INFINITY;
  return error == std::errc() && end == text.data() + text.size() ? value : NAN;
}

Json json_number(double value) {
  if (value == std::floor(value) && std::abs(value) < 9e15) return static_cast<std::int64_t>(value);
  return value;
}

bool is_whole(const Json& value) {
  return value.is_integer() ||
         (value.is_number() && std::isfinite(value.as_number()) && value.as_number() == std::floor(value.as_number()));
}

// What JavaScript makes of a value in a text.
std::string as_text(const Json& value) {
  if (value.is_string()) return value.as_string();
  if (value.is_object()) return "[object Object]";
  if (!value.is_array()) return value.is_undefined() ? "undefined" : value.dump();
  std::string out;
  for (const auto& element : value.as_array()) {
    if (&element != &value.as_array().front()) out += ',';
    if (!element.is_nullish()) out += as_text(element);
  }
  return out;
}

// Medusa 1.20: transformDate. Digits that are no date are seconds of the epoch, as in 1.20; where those would lie thousands
// of years ahead they are milliseconds, as a number of a body always is. Years of four digits only: others can't be meant.
std::optional<base::Instant> date_of(const Json& value) {
  using namespace std::chrono;
  static constexpr base::Instant first = sys_days(year(1) / 1 / 1), last = sys_days(year(10000) / 1 / 1);
  constexpr double kMostSeconds = 1e11;
  std::optional<base::Instant> date;
  if (value.is_string() || value.is_array()) {
    const std::string text = as_text(value);
    date = base::parse_date(text);
    if (const double number = number_of(text); !date && std::abs(number) < 8.64e15)
      date = base::Instant(
          milliseconds(static_cast<std::int64_t>(std::abs(number) < kMostSeconds ? number * 1000 : number)));
  } else if (value.is_number() && std::abs(value.as_number()) < 8.64e15) {
    date = base::Instant(milliseconds(static_cast<std::int64_t>(value.as_number())));
  }
  return date && *date >= first && *date < last ? date : std::nullopt;
}

// Turns the texts of a query into what the rule wants; leaves what can't be turned.
void convert(Is is, Json& value) {
  switch (is) {
  case Is::number_text:
  case Is::integer_text:
    if (value.is_string()) {
      const double number = number_of(value.as_string());
      if (std::isfinite(number)) value = json_number(number);
    }
    return;
  case Is::boolean_text:
    if (value.is_string()) {
      // Quirk: any other text counts as not given.
      const auto text = base::lower(value.as_string());
      value = text == "true" ? Json(true) : text == "false" ? Json(false) : text == "null" ? Json(nullptr) : Json();
    }
    return;
  case Is::date:
    if (value.is_nullish()) return;
    if (const auto date = date_of(value))
      value = base::iso_time(*date);
    else
      value = Json(false); // no date
    return;
  case Is::string_or_none:
    if (value.is_string() && value.as_string().empty()) value = Json(nullptr);
    return;
  case Is::integer:
  case Is::not_negative_integer:
  case Is::positive:
    if (!value.is_integer() && is_whole(value)) value = json_number(value.as_number());
    return;
  default: return;
  }
}

bool all_strings(const Json& value) {
  if (!value.is_array()) return value.is_string();
  for (const auto& element : value.as_array())
    if (!element.is_string()) return false;
  return true;
}

// Medusa 1.20: IsType. Its refusal replaces all others.
[[noreturn]] void refuse_type(const Rule& rule, std::string_view types, Json details) {
  auto sentence = Json::object();
  sentence.set("message", std::string(rule.name) + " must be one of: " + std::string(types));
  sentence.set("details", std::move(details));
  throw base::Error::invalid_data(sentence.dump());
}

Json one_text(std::string text) {
  auto list = Json::array();
  list.push_back(std::move(text));
  return list;
}

std::string no_string(const Json& value) { return "String validation failed: " + as_text(value) + " is not a string"; }

// IsType's refusal of a list of texts, which says nothing of the list.
constexpr std::string_view kNoClass = "Cannot read properties of undefined (reading 'constructor')";

bool is_text_or_list(const Json& value) { return value.is_string() || (value.is_array() && all_strings(value)); }

void check_text_or_list(const Rule& rule, const Json& value) {
  if (is_text_or_list(value)) return;
  auto details = Json::object();
  details.set("String", one_text(no_string(value)));
  details.set("undefined", one_text(std::string(kNoClass)));
  refuse_type(rule, "String,String", std::move(details));
}

// What a class refuses in a value; nothing where it is of that class.
Json faults_of_nested(const Rule& rule, Json& value) {
  auto sentences = Json::array();
  if (!value.is_object()) {
    sentences.push_back("an unknown value was passed to the validate function");
    return sentences;
  }
  Problems problems;
  if (rule.nested) check_object(*rule.nested, value, problems);
  if (!problems.empty())
    for (auto& part : base::split(base::join(problems, ", "), ',')) sentences.push_back(std::move(part));
  return sentences;
}

void check_nested_or_text(const Rule& rule, Json& value) {
  if (value.is_string()) return;
  auto sentences = faults_of_nested(rule, value);
  if (!sentences.size()) return;
  auto details = Json::object();
  details.set("String", one_text(no_string(value)));
  details.set(rule.message, std::move(sentences));
  refuse_type(rule, std::string(rule.message) + ",String", std::move(details));
}

void check_text_list_or_nested(const Rule& rule, Json& value) {
  if (is_text_or_list(value)) return;
  auto sentences = faults_of_nested(rule, value);
  if (!sentences.size()) return;
  auto details = Json::object();
  details.set("String", one_text(no_string(value)));
  details.set("undefined", one_text(std::string(kNoClass)));
  details.set(rule.message, std::move(sentences));
  refuse_type(rule, "String,String," + std::string(rule.message), std::move(details));
}

void check_nested_type(const Rule& rule, Json& value) {
  auto sentences = faults_of_nested(rule, value);
  if (!sentences.size()) return;
  auto details = Json::object();
  details.set(rule.message, std::move(sentences));
  refuse_type(rule, rule.message, std::move(details));
}

// `text` behind its units ("12M"), whose letters stand in that order, each at most once.
std::string_view behind_units(std::string_view text, std::string_view letters) {
  for (;;) {
    const auto digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos) return text;
    const auto letter = letters.find(text[digits]);
    if (letter == std::string_view::npos) return text;
    letters.remove_prefix(letter + 1);
    text.remove_prefix(digits + 1);
  }
}

bool is_duration(std::string_view text) {
  if (!text.starts_with('P') || text.size() == 1) return false;
  text = behind_units(text.substr(1), "YMWD");
  if (text.size() > 1 && text[0] == 'T' && std::isdigit(static_cast<unsigned char>(text[1])))
    text = behind_units(text.substr(1), "HMS");
  return text.empty();
}

// Three parts of base64 for URLs, each of which may be empty.
bool looks_like_jwt(const Json& value) {
  if (!value.is_string()) return false;
  const auto& text = value.as_string();
  return std::count(text.begin(), text.end(), '.') == 2 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) || c == '-' || c == '_' || c == '.';
         });
}

bool is_known(const Rule& rule, const Json& value) {
  return value.is_string() && std::find(rule.values.begin(), rule.values.end(), value.as_string()) != rule.values.end();
}
void check_values(const Rule& rule, std::string_view each, bool known, Problems& problems) {
  if (known) return;
  std::string values;
  for (const auto allowed : rule.values) values += (values.empty() ? "" : ", ") + std::string(allowed);
  problems.push_back(std::string(each) + std::string(rule.name) + " must be one of the following values: " + values);
}

// The sentence of the rule's own kind where the value is not of it.
void check_kind(const Rule& rule, const Json& value, Problems& problems) {
  const auto say = [&](bool good, std::string_view what) {
    if (!good) problems.push_back(std::string(rule.name) + std::string(what));
  };
  switch (rule.is) {
  case Is::string:
  case Is::string_or_none: return say(value.is_string(), " must be a string");
  case Is::filled_string:
    say(!value.is_string() || !value.as_string().empty(), " should not be empty");
    return say(value.is_string(), " must be a string");
  case Is::email: return say(value.is_string() && base::is_email(value.as_string()), " must be an email");
  case Is::number:
  case Is::number_text: return say(value.is_number(), " must be a number conforming to the specified constraints");
  case Is::integer:
  case Is::integer_text: return say(is_whole(value), " must be an integer number");
  case Is::positive:
    say(value.is_number() && value.as_number() > 0, " must be a positive number");
    return say(is_whole(value), " must be an integer number");
  case Is::positive_number:
    say(value.is_number() && value.as_number() > 0, " must be a positive number");
    return say(value.is_number(), " must be a number conforming to the specified constraints");
  case Is::not_negative:
    say(value.is_number() && value.as_number() >= 0, " must not be less than 0");
    return say(value.is_number(), " must be a number conforming to the specified constraints");
  case Is::not_negative_integer:
    say(value.is_number() && value.as_number() >= 0, " must not be less than 0");
    return say(is_whole(value), " must be an integer number");
  case Is::boolean: return say(value.is_bool(), " must be a boolean value");
  case Is::boolean_string: {
    const auto text = value.is_string() ? std::string_view(value.as_string()) : std::string_view();
    return say(text == "true" || text == "false" || text == "1" || text == "0", " must be a boolean string");
  }
  case Is::boolean_text: return say(value.is_bool() || value.is_nullish(), " must be a boolean value");
  case Is::object: return say(value.is_object(), " must be an object");
  case Is::array: return say(value.is_array(), " must be an array");
  case Is::date: return say(value.is_string(), " must be a Date instance");
  case Is::duration:
    if (!value.is_string() || !is_duration(value.as_string()))
      problems.push_back('"' + std::string(rule.name) + "\" must be a valid ISO 8601 duration");
    return;
  case Is::string_array:
    if (!all_strings(value)) problems.push_back("each value in " + std::string(rule.name) + " must be a string");
    return say(value.is_array(), " must be an array");
  case Is::each_string:
    if (!all_strings(value)) problems.push_back("each value in " + std::string(rule.name) + " must be a string");
    return;
  case Is::filled_string_array:
    if (!all_strings(value)) problems.push_back("each value in " + std::string(rule.name) + " must be a string");
    return say(value.is_array() && value.size(), " should not be empty");
  case Is::jwt: return say(looks_like_jwt(value), " must be a jwt string");
  case Is::enumeration: return check_values(rule, "", is_known(rule, value), problems);
  case Is::each_enumeration: {
    const auto all_known = [&] {
      const auto& list = value.as_array();
      return std::all_of(list.begin(), list.end(), [&](const Json& one) { return is_known(rule, one); });
    };
    return check_values(rule, "each value in ", value.is_array() ? all_known() : is_known(rule, value), problems);
  }
  case Is::nested:
  case Is::nested_or_text:
  case Is::text_or_list:
  case Is::text_list_or_nested:
  case Is::nested_type:
  case Is::any: return;
  }
}

void check_nested(const Rule& rule, Json& value, Problems& problems) {
  const std::string each = rule.is == Is::array ? "each value in " : "";
  const auto refuse = [&] {
    problems.push_back(each + "nested property " + std::string(rule.name) + " must be either object or array");
  };
  if (value.is_undefined()) return;
  if (value.is_array()) {
    for (auto& element : value.as_array()) {
      if (element.is_object())
        check_object(*rule.nested, element, problems);
      else
        refuse();
    }
  } else if (value.is_object()) {
    check_object(*rule.nested, value, problems);
  } else {
    refuse();
  }
}

// Dates are texts in one form by now, or false where they are none.
bool comes_after(const Json& value, const Json& other) {
  if (other.is_nullish()) return true;
  return value.is_string() && other.is_string() && value.as_string() > other.as_string();
}

// Which members of `whole` stand where only this one may.
void check_alone(const Rule& rule, const Json& whole, Problems& problems) {
  Problems others;
  for (const auto other : rule.instead_of)
    if (!whole[other].is_nullish()) others.emplace_back(other);
  if (!others.empty())
    problems.push_back("Only one of " + std::string(rule.name) + ", " + base::join(others, ", ") + " is allowed");
}

// Medusa 1.20: XorConstraint. Quirk: what counts is JavaScript's truthiness.
void check_either(const Rule& rule, const Json& whole, const Json& value, Problems& problems) {
  if (!rule.either.empty() && value.truthy() == whole[rule.either].truthy())
    problems.push_back("Failed XOR relation between \"" + std::string(rule.name) + "\" and \"" +
                       std::string(rule.either) + "\".");
}

// A number that the column behind it can't hold is refused in class-validator's words.
void check_range(const Rules& rules, const Rule& rule, const Json& value, Problems& problems) {
  if (!value.is_number()) return;
  const auto range = range_of(rules, rule);
  if (!range) return;
  const std::string name(rule.name);
  const double number = value.as_number();
  if (number < range->least)
    problems.push_back(name + " must not be less than " + base::number_text(range->least));
  else if (number > range->most)
    problems.push_back(name + " must not be greater than " + base::number_text(range->most));
  else if (const auto& column = *schema::get(rules.of).column(rule.name); !column.holds(value))
    problems.push_back(name + (column.type == schema::Type::integer ? " must be an integer number"
                                                                    : " must be a number conforming to the specified "
                                                                      "constraints"));
}

void check_rule(const Rules& rules, const Rule& rule, const Json& whole, Json& value, Problems& problems) {
  if (!rule.unless.empty() && whole[rule.unless].truthy()) return;
  check_either(rule, whole, value, problems);
  if (rule.presence == Presence::optional && value.is_nullish()) return;
  if ((rule.presence == Presence::defaulted || rule.presence == Presence::not_null) && value.is_undefined()) return;
  convert(rule.is, value);
  if (rule.presence == Presence::optional && value.is_nullish()) return;
  if (rule.is == Is::nested_or_text) return check_nested_or_text(rule, value);
  if (rule.is == Is::text_or_list) return check_text_or_list(rule, value);
  if (rule.is == Is::text_list_or_nested) return check_text_list_or_nested(rule, value);
  if (rule.is == Is::nested_type) return check_nested_type(rule, value);
  Problems own;
  const auto nothing = [](const Json& one) { return one.is_nullish() || (one.is_string() && one.as_string().empty()); };
  const bool of_each = rule.is == Is::each_string;
  const bool empty = of_each && value.is_array()
                         ? std::any_of(value.as_array().begin(), value.as_array().end(), nothing)
                         : nothing(value);
  const std::string emptiness = (of_each ? "each value in " : "") + std::string(rule.name) + " should not be empty";
  if (rule.presence == Presence::not_null && value.is_null())
    own.push_back(std::string(rule.name) + " should not be equal to null");
  if (rule.presence == Presence::not_empty_first && empty) own.push_back(emptiness);
  if (!rule.after.empty() && !comes_after(value, whole[rule.after]))
    own.push_back('"' + std::string(rule.name) + "\" must be greater than \"" + std::string(rule.after) + '"');
  check_kind(rule, value, own);
  if (own.empty()) check_range(rules, rule, value, own);
  if (!rule.nested && (rule.is == Is::object || rule.is == Is::any))
    if (auto refusal = base::refusal_to_keep(rule.name, value); !refusal.empty()) own.push_back(std::move(refusal));
  check_alone(rule, whole, own);
  if (rule.presence == Presence::not_empty && empty) own.push_back(emptiness);
  if (!own.empty() && !rule.message.empty()) own = {std::string(rule.message)};
  problems.insert(problems.end(), own.begin(), own.end());
  if (rule.nested && (rule.is == Is::nested || rule.is == Is::array)) check_nested(rule, value, problems);
}

void check_object(const Rules& rules, Json& value, Problems& problems, const schema::Flags& flags) {
  if (rules.unknown == Unknown::refused)
    for (const auto& member : value.as_object()) {
      bool known = false;
      for (const auto& rule : rules.rows) known = known || rule.name == member.name;
      if (!known) problems.push_back("property " + member.name + " should not exist");
    }
  for (const auto& rule : rules.rows) {
    Json missing;
    Json* member = value.as_object().find(rule.name);
    if (!flags.on(rule.flag)) {
      if (member) problems.push_back(std::string(rule.name) + " should not exist");
      continue;
    }
    check_rule(rules, rule, value, member ? *member : missing, problems);
    if (member && member->is_undefined()) value.erase(rule.name);
  }
  if (rules.extra) rules.extra(value, problems);
}

} // namespace

std::optional<schema::Column::Range> range_of(const Rules& rules, const Rule& rule) {
  if (rules.of.empty()) return std::nullopt;
  const auto* column = schema::get(rules.of).column(rule.name);
  return column ? column->range() : std::nullopt;
}

std::vector<std::string> check(const Rules& rules, base::Json& value, const schema::Flags& flags) {
  Problems problems;
  if (value.is_array()) {
    // Quirk: an array is taken for an object whose members are its indices.
    for (std::size_t i = 0; i < value.size(); i++)
      problems.push_back("property " + std::to_string(i) + " should not exist");
    value = Json::object();
    if (!problems.empty()) return problems;
  }
  if (!value.is_object()) value = Json::object();
  check_object(rules, value, problems, flags);
  return problems;
}

} // namespace rules
