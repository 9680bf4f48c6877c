#include "http/described.hpp"
#include "base/strings.hpp"
#include "schema/flags.hpp"
#include <limits>

namespace http {
namespace {

using base::Json;
using base::JsonArray;
using base::JsonObject;

// How a kind is called, and what it is in JSON Schema.
struct Kind {
  std::string_view name, type, format{};
};
#pragma GCC diagnostic error "-Wswitch" // a new kind is described here
Kind kind_of(Is is) {
  switch (is) {
  case Is::string:
  case Is::string_or_none:
  case Is::filled_string: return {"string", "string"};
  case Is::email: return {"email", "string", "email"};
  case Is::number:
  case Is::number_text: return {"number", "number"};
  case Is::integer:
  case Is::integer_text: return {"integer", "integer"};
  case Is::positive: return {"positive integer", "integer"};
  case Is::positive_number: return {"positive number", "number"};
  case Is::not_negative: return {"number of at least 0", "number"};
  case Is::not_negative_integer: return {"integer of at least 0", "integer"};
  case Is::boolean: return {"boolean", "boolean"};
  case Is::boolean_string:
  case Is::boolean_text: return {"true or false", "boolean"};
  case Is::object:
  case Is::nested: return {"object", "object"};
  case Is::array: return {"array", "array"};
  case Is::date: return {"date", "string", "date-time"};
  case Is::duration: return {"duration", "string", "duration"};
  case Is::string_array:
  case Is::filled_string_array:
  case Is::each_string: return {"strings", "array"};
  case Is::jwt: return {"token", "string"};
  case Is::enumeration: return {"one of", "string"};
  case Is::each_enumeration: return {"of", "array"};
  case Is::text_or_list: return {"string or strings", ""};
  case Is::nested_or_text: return {"object or string", ""};
  case Is::text_list_or_nested: return {"string, strings or object", ""};
  case Is::nested_type: return {"object", "object"};
  case Is::any: return {"anything", ""};
  }
  throw std::logic_error("a kind of rule without a description");
}

Json of_strings() { return JsonObject{{"type", "array"}, {"items", JsonObject{{"type", "string"}}}}; }

Json words(const Rules& rules);

bool is_above_zero(const Rule& rule) { return rule.is == Is::positive || rule.is == Is::positive_number; }

// "integer from 0 to 2147483647", "number of at least 0": what the column behind a number holds.
std::string words(const Rule& rule, const schema::Column::Range& range) {
  const double least = is_above_zero(rule) ? 1 : range.least;
  const std::string from = base::number_text(least);
  if (range.least < std::numeric_limits<std::int32_t>::min()) return "number";
  if (range.most > std::numeric_limits<std::int32_t>::max()) return "number of at least " + from;
  return "integer from " + from + " to " + base::number_text(range.most);
}

// "string", "[{id: string}]", "percentage|fixed".
Json words(const Rules& rules, const Rule& rule) {
  if (const auto range = range_of(rules, rule)) return words(rule, *range);
  if (!rule.values.empty()) {
    std::string values;
    for (const auto value : rule.values) values.append(values.empty() ? "" : "|").append(value);
    return rule.is == Is::each_enumeration ? Json(JsonArray{values}) : Json(values);
  }
  if (rule.is == Is::array) return rule.nested ? Json(JsonArray{words(*rule.nested)}) : Json("array");
  if (rule.nested) return words(*rule.nested);
  return kind_name(rule.is);
}

Json words(const Rules& rules) {
  Json out = Json::object();
  for (const auto& rule : rules.rows) {
    std::string name(rule.name);
    if (may_be_left_out(rule)) name += '?';
    if (rule.flag != schema::Flag::none) name.append(" (").append(schema::flag_key(rule.flag)).append(")");
    out.set(name, words(rules, rule));
  }
  if (rules.unknown == Unknown::allowed) out.set("...", "anything");
  return out;
}

// "{a: string, b?: [{c: boolean}]}"
std::string text_of(const Json& words) {
  if (words.is_string()) return words.as_string();
  std::string text;
  const auto add = [&](const std::string& part) { text.append(text.empty() ? "" : ", ").append(part); };
  if (words.is_array()) {
    for (const auto& element : words.as_array()) add(text_of(element));
    return "[" + text + "]";
  }
  for (const auto& member : words.as_object()) add(member.name + ": " + text_of(member.value));
  return "{" + text + "}";
}

std::string body_words(const Described& described) {
  const std::string member(described.member);
  std::string entity(described.entity);
  switch (described.rows) {
  case Described::Rows::one: return "{" + member + ": " + entity + "}";
  case Described::Rows::list: return "{" + member + ": [" + entity + "]}";
  case Described::Rows::page: return "{" + member + ": [" + entity + "], count, offset, limit}";
  case Described::Rows::counted: return "{" + member + ": [" + entity + "], count}";
  case Described::Rows::removed: return "{id, object: \"" + member + "\", deleted: true}";
  case Described::Rows::bare: return entity;
  case Described::Rows::object: return text_of(words(*described.shape));
  case Described::Rows::text: return "OK";
  case Described::Rows::nothing: return "nothing";
  }
  return {};
}

Json names(const std::vector<std::string>& list) {
  JsonArray out;
  for (const auto& name : list) out.emplace_back(name);
  return out;
}

// A grammar that names no fields shows every column.
Json fields_of(const Described& described) {
  if (!described.read.fields.empty()) return names(described.read.fields);
  JsonArray out;
  for (const auto& column : schema::get(described.entity).columns)
    if (column.shown == schema::Shown::always) out.emplace_back(column.name);
  return out;
}

Json answers(const Described& described) {
  Json out = JsonObject{{"status", described.status}, {"body", body_words(described)}};
  if (described.entity.empty() || described.rows == Described::Rows::removed) return out;
  if (described.limit) out.set("limit", described.limit);
  out.set("fields", fields_of(described));
  const auto& read = described.read;
  for (const auto& [name, list] : {std::pair{"relations", &read.relations},
                                   {"allowed_fields", &read.allowed_fields},
                                   {"allowed_relations", &read.allowed_relations}})
    if (!list->empty()) out.set(name, names(*list));
  return out;
}

DescribedPtr shows(Described::Rows rows, std::string_view member, std::string_view entity, query::Grammar read,
                   std::int64_t limit = 0) {
  return std::make_shared<const Described>(
      Described{.rows = rows, .member = member, .entity = entity, .read = std::move(read), .limit = limit});
}

} // namespace

DescribedPtr shows_one(std::string_view member, std::string_view entity, query::Grammar read) {
  return shows(Described::Rows::one, member, entity, std::move(read));
}
DescribedPtr shows_page(std::string_view member, std::string_view entity, std::int64_t limit, query::Grammar read) {
  return shows(Described::Rows::page, member, entity, std::move(read), limit);
}
DescribedPtr shows_counted(std::string_view member, std::string_view entity, std::int64_t limit, query::Grammar read) {
  return shows(Described::Rows::counted, member, entity, std::move(read), limit);
}
DescribedPtr shows_list(std::string_view member, std::string_view entity, query::Grammar read) {
  return shows(Described::Rows::list, member, entity, std::move(read));
}

std::string_view kind_name(Is is) { return kind_of(is).name; }

std::string_view guess_name(Guess guess) {
  switch (guess) {
  case Guess::password: return "password";
  case Guess::token: return "token";
  case Guess::code: return "code";
  case Guess::order: return "order";
  case Guess::none: break;
  }
  return "none";
}

std::string_view auth_name(Auth auth) {
  switch (auth) {
  case Auth::admin: return "admin";
  case Auth::customer: return "customer";
  case Auth::none:
  case Auth::customer_optional: break;
  }
  return "anyone";
}

Json json_schema(const Rules& rules) {
  Json properties = Json::object();
  JsonArray required;
  for (const auto& rule : rules.rows) {
    auto property = json_schema(rule);
    if (const auto range = range_of(rules, rule)) {
      if (!is_above_zero(rule) && range->least == 0) property.set("minimum", 0);
      if (range->most <= std::numeric_limits<std::int32_t>::max()) {
        property.set("type", "integer");
        property.set("maximum", range->most);
      }
    }
    properties.set(rule.name, std::move(property));
    if (!may_be_left_out(rule) && rule.flag == schema::Flag::none) required.emplace_back(rule.name);
  }
  Json out = JsonObject{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) out.set("required", std::move(required));
  if (rules.unknown == Unknown::refused) out.set("additionalProperties", false);
  return out;
}

Json json_schema(const Rule& rule) {
  const Kind kind = kind_of(rule.is);
  const auto either = [](JsonArray all) { return Json(JsonObject{{"oneOf", std::move(all)}}); };
  const Json text = JsonObject{{"type", "string"}};
  const auto nested = [&] { return rule.nested ? json_schema(*rule.nested) : Json(JsonObject{{"type", "object"}}); };
  switch (rule.is) {
  case Is::any: return Json::object();
  case Is::text_or_list: return either({text, of_strings()});
  case Is::nested_or_text: return either({nested(), text});
  case Is::text_list_or_nested: return either({text, of_strings(), nested()});
  case Is::string_array:
  case Is::filled_string_array:
  case Is::each_string: return of_strings();
  case Is::nested_type:
  case Is::nested: return nested();
  case Is::array:
    return JsonObject{{"type", "array"}, {"items", rule.nested ? json_schema(*rule.nested) : Json::object()}};
  default: break;
  }
  Json out = JsonObject{{"type", kind.type}};
  if (!kind.format.empty()) out.set("format", kind.format);
  if (rule.is == Is::positive || rule.is == Is::positive_number) out.set("exclusiveMinimum", 0);
  if (rule.is == Is::filled_string) out.set("minLength", 1);
  if (rule.is == Is::not_negative || rule.is == Is::not_negative_integer) out.set("minimum", 0);
  JsonArray values;
  for (const auto value : rule.values) values.emplace_back(value);
  if (rule.is == Is::each_enumeration)
    out.set("items", JsonObject{{"type", "string"}, {"enum", std::move(values)}});
  else if (!values.empty())
    out.set("enum", std::move(values));
  return out;
}

Json describe(const Route& route) {
  Json out = JsonObject{{"method", method_name(route.method)}, {"path", route.path}, {"auth", auth_name(route.auth)}};
  if (route.flag != schema::Flag::none) out.set("flag", schema::flag_key(route.flag));
  if (route.guess != Guess::none) out.set("guesses", guess_name(route.guess));
  if (route.kept != Kept::never) out.set("kept", "while the catalogue is unchanged");
  if (route.described) out.set("answers", answers(*route.described));
  if (route.query_rules) out.set("query", words(*route.query_rules));
  if (route.body_rules) out.set("body", words(*route.body_rules));
  return out;
}

} // namespace http
