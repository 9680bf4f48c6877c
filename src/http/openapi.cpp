#include "http/openapi.hpp"
#include "base/strings.hpp"
#include "http/described.hpp"
#include <cctype>
#include <map>
#include <utility>

namespace http {
namespace {

using base::Json;
using base::JsonArray;
using base::JsonObject;

Json reference(std::string_view kind, std::string_view name) {
  return JsonObject{{"$ref", "#/components/" + std::string(kind) + "/" + std::string(name)}};
}
Json row_of(std::string_view entity) { return entity.empty() ? Json::object() : reference("schemas", entity); }
Json list_of(Json items) { return JsonObject{{"type", "array"}, {"items", std::move(items)}}; }

// --- entities ------------------------------------------------------------------------------------------------------

Json schema_of(const schema::Column& column) {
  using schema::Type;
  std::string_view type = "string", format;
  switch (column.type) {
  case Type::text:
  case Type::enumeration: break;
  case Type::integer: type = "integer"; break;
  case Type::number: type = "number"; break;
  case Type::numeric: type = "string"; break;
  case Type::boolean: type = "boolean"; break;
  case Type::timestamp: format = "date-time"; break;
  case Type::json: type = "object"; break;
  case Type::text_array: type = "array"; break;
  }
  Json out = Json::object();
  out.set("type", column.nullable ? Json(JsonArray{type, "null"}) : Json(type));
  if (!format.empty()) out.set("format", format);
  if (column.type == Type::text_array) out.set("items", JsonObject{{"type", "string"}});
  return out;
}

// Rows show what was asked for, so nothing but the key is always there; and they hold computed members (prices, totals).
Json schema_of(const schema::Entity& entity, const schema::Flags& flags) {
  Json properties = Json::object();
  for (const auto& column : entity.columns)
    if (column.shown == schema::Shown::always && flags.on(column.flag)) properties.set(column.name, schema_of(column));
  for (const auto& relation : entity.relations) {
    if (!flags.on(relation.flag)) continue;
    const bool many =
        relation.kind == schema::RelationKind::to_many || relation.kind == schema::RelationKind::many_to_many;
    Json target = row_of(relation.target);
    properties.set(relation.name,
                   many ? list_of(std::move(target))
                        : Json(JsonObject{{"oneOf", JsonArray{std::move(target), JsonObject{{"type", "null"}}}}}));
  }
  return JsonObject{{"type", "object"}, {"properties", std::move(properties)}};
}

// --- routes --------------------------------------------------------------------------------------------------------

// "/admin/regions/:id" as "/admin/regions/{id}", and its names.
struct Path {
  std::string text;
  std::vector<std::string> names;
  Json operations = Json::object();
};
Path path_of(std::string_view path) {
  Path out;
  for (const auto& part : base::split(path.substr(1), '/')) {
    out.text += '/';
    if (part.starts_with(':')) {
      out.names.push_back(part.substr(1));
      out.text += "{" + out.names.back() + "}";
    } else {
      out.text += part;
    }
  }
  return out;
}
// The same for paths that differ in the names alone, which are one path.
std::string nameless(std::string_view path) {
  std::string out;
  for (const auto& part : base::split(path, '/')) out += part.starts_with(':') ? "/:" : "/" + part;
  return out;
}

// "postAdminRegionsIdCountries".
std::string operation_id(const Route& route) {
  std::string id = base::lower(method_name(route.method));
  bool upper = true;
  for (const char c : route.path) {
    if (!std::isalnum(static_cast<unsigned char>(c)))
      upper = true;
    else
      id += std::exchange(upper, false) ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
  }
  return id;
}

Json parameter(std::string_view name, std::string_view in, Json schema, bool required) {
  Json out = JsonObject{{"name", name}, {"in", in}, {"schema", std::move(schema)}};
  if (required) out.set("required", true);
  return out;
}

// As qs reads a query: lists as name[]=a&name[]=b, objects as name[lt]=1.
Json query_parameter(const Rule& rule) {
  const bool required = !may_be_left_out(rule);
  const bool list = rule.is == Is::array || rule.is == Is::string_array || rule.is == Is::each_string;
  Json schema = rule.is == Is::array && !rule.nested ? list_of(JsonObject{{"type", "string"}}) : json_schema(rule);
  Json out = parameter(std::string(rule.name) + (list ? "[]" : ""), "query", std::move(schema), required);
  if (rule.is == Is::nested) out.set("style", "deepObject");
  if (rule.is == Is::nested || list) out.set("explode", true);
  return out;
}

Json body_of(const Described& shown) {
  const std::string member(shown.member);
  const auto object = [](JsonObject properties) {
    JsonArray names;
    for (const auto& property : properties) names.emplace_back(property.name);
    return Json(JsonObject{{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(names)}});
  };
  const Json integer = JsonObject{{"type", "integer"}};
  switch (shown.rows) {
  case Described::Rows::one: return object({{member, row_of(shown.entity)}});
  case Described::Rows::list: return object({{member, list_of(row_of(shown.entity))}});
  case Described::Rows::page:
    return object(
        {{member, list_of(row_of(shown.entity))}, {"count", integer}, {"offset", integer}, {"limit", integer}});
  case Described::Rows::counted: return object({{member, list_of(row_of(shown.entity))}, {"count", integer}});
  case Described::Rows::removed:
    return object({{"id", JsonObject{{"type", "string"}}},
                   {"object", JsonObject{{"type", "string"}, {"const", member}}},
                   {"deleted", JsonObject{{"type", "boolean"}, {"const", true}}}});
  case Described::Rows::bare: return row_of(shown.entity);
  case Described::Rows::object: return json_schema(*shown.shape);
  case Described::Rows::text: return JsonObject{{"type", "string"}};
  case Described::Rows::nothing: break;
  }
  return {};
}

Json responses_of(const Route& route) {
  Json good = JsonObject{{"description", "OK"}};
  Json content = route.described ? body_of(*route.described) : Json(JsonObject{{"type", "object"}});
  const bool text = route.described && route.described->rows == Described::Rows::text;
  if (!content.is_undefined())
    good.set("content",
             JsonObject{{text ? "text/plain" : "application/json", JsonObject{{"schema", std::move(content)}}}});
  Json out = Json::object();
  out.set(std::to_string(route.described ? route.described->status : 200), std::move(good));
  if (route.query_rules || route.body_rules) out.set("400", reference("responses", "refused"));
  if (route.auth == Auth::admin || route.auth == Auth::customer) out.set("401", reference("responses", "unauthorized"));
  if (route.path.find(':') != std::string_view::npos) out.set("404", reference("responses", "not_found"));
  if (route.guess != Guess::none) out.set("429", reference("responses", "too_many"));
  out.set("default", reference("responses", "failed"));
  return out;
}

Json security_of(Auth auth) {
  JsonArray out;
  const auto by = [&](std::string_view scheme) { out.push_back(JsonObject{{std::string(scheme), Json::array()}}); };
  if (auth == Auth::customer_optional) out.push_back(Json::object());
  by("session");
  by("bearer");
  if (auth == Auth::admin) by("api_token");
  return out;
}

Json operation(const Route& route, const std::vector<std::string>& path_names, const schema::Flags& flags) {
  const auto parts = base::split(route.path.substr(1), '/');
  Json out = JsonObject{{"operationId", operation_id(route)}};
  if (parts.size() > 1) out.set("tags", JsonArray{parts[0] + " " + parts[1]});
  JsonArray parameters;
  for (const auto& name : path_names)
    parameters.push_back(parameter(name, "path", JsonObject{{"type", "string"}}, true));
  if (route.query_rules)
    for (const auto& rule : route.query_rules->rows)
      if (flags.on(rule.flag)) parameters.push_back(query_parameter(rule));
  if (!parameters.empty()) out.set("parameters", std::move(parameters));
  if (route.body_rules) {
    Rules rules = *route.body_rules;
    std::erase_if(rules.rows, [&](const Rule& rule) { return !flags.on(rule.flag); });
    out.set("requestBody",
            JsonObject{{"content", JsonObject{{"application/json", JsonObject{{"schema", json_schema(rules)}}}}}});
  }
  out.set("responses", responses_of(route));
  if (route.auth != Auth::none) out.set("security", security_of(route.auth));
  return out;
}

Json response(std::string_view description, std::string_view content_type, Json schema) {
  return JsonObject{{"description", description},
                    {"content", JsonObject{{std::string(content_type), JsonObject{{"schema", std::move(schema)}}}}}};
}

Json components(const schema::Flags& flags) {
  Json schemas = Json::object();
  for (const auto* entity : schema::all()) schemas.set(entity->name, schema_of(*entity, flags));
  const Json text = JsonObject{{"type", "string"}};
  schemas.set("Error", JsonObject{{"type", "object"},
                                  {"properties", JsonObject{{"code", text}, {"type", text}, {"message", text}}},
                                  {"required", JsonArray{"type", "message"}}});
  const Json error = reference("schemas", "Error");
  return JsonObject{
      {"schemas", std::move(schemas)},
      {"responses", JsonObject{{"refused", response("What was sent is refused", "application/json", error)},
                               {"unauthorized", response("Nobody is logged in", "text/plain", text)},
                               {"not_found", response("There is no such row", "application/json", error)},
                               {"too_many", response("Wrong too often; Retry-After says when to try again",
                                                     "application/json", error)},
                               {"failed", response("What else went wrong", "application/json", error)}}},
      {"securitySchemes",
       JsonObject{{"session", JsonObject{{"type", "apiKey"}, {"in", "cookie"}, {"name", "connect.sid"}}},
                  {"bearer", JsonObject{{"type", "http"}, {"scheme", "bearer"}}},
                  {"api_token", JsonObject{{"type", "apiKey"}, {"in", "header"}, {"name", "x-medusa-access-token"}}}}}};
}

} // namespace

std::string openapi(const Routes& routes, const schema::Flags& flags, std::string_view version) {
  std::map<std::string, Path> paths; // in order
  for (const auto& route : routes) {
    if (!flags.on(route.flag)) continue;
    auto& path = paths.try_emplace(nameless(route.path), path_of(route.path)).first->second;
    path.operations.set(base::lower(method_name(route.method)), operation(route, path.names, flags));
  }
  Json all = Json::object();
  for (auto& [key, path] : paths) all.set(path.text, std::move(path.operations));
  return Json(JsonObject{{"openapi", "3.1.0"},
                         {"info", JsonObject{{"title", "Stheno: the Store and Admin API of Medusa 1.20"},
                                             {"version", version}}},
                         {"servers", JsonArray{JsonObject{{"url", "/"}}}},
                         {"paths", std::move(all)},
                         {"components", components(flags)}})
      .dump();
}

} // namespace http
