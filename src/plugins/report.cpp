#include "plugins/report.hpp"
#include "base/json_text.hpp"
#include <algorithm>

namespace plugins {

using base::Json;
using base::text_of;

namespace {

bool lies_in(std::string_view path, std::string_view part) {
  return path.size() >= part.size() && base::equal_ignoring_case(path.substr(0, part.size()), part) &&
         (path.size() == part.size() || path[part.size()] == '/' || part.ends_with('/'));
}

// As TypeORM names types. Those whose values its driver shows otherwise than this server does are no plain ones.
std::optional<schema::Type> type_of(const Json& column) {
  using schema::Type;
  constexpr std::pair<std::string_view, Type> kTypes[]{{"string", Type::text},
                                                       {"text", Type::text},
                                                       {"varchar", Type::text},
                                                       {"character varying", Type::text},
                                                       {"uuid", Type::text},
                                                       {"number", Type::integer},
                                                       {"int", Type::integer},
                                                       {"int4", Type::integer},
                                                       {"integer", Type::integer},
                                                       {"smallint", Type::integer},
                                                       {"boolean", Type::boolean},
                                                       {"bool", Type::boolean},
                                                       {"jsonb", Type::json},
                                                       {"json", Type::json},
                                                       {"timestamptz", Type::timestamp},
                                                       {"timestamp with time zone", Type::timestamp},
                                                       {"real", Type::number},
                                                       {"float4", Type::number},
                                                       {"enum", Type::enumeration},
                                                       {"simple-enum", Type::enumeration}};
  const std::string name = text_of(column["type"]);
  if (column["transformer"].truthy() || column["primary"].truthy() || column["property"] != column["column"]) return {};
  for (const auto& [known, type] : kTypes) {
    if (known != name) continue;
    if (!column["array"].truthy()) return type;
    return type == Type::text ? std::optional(Type::text_array) : std::nullopt;
  }
  return {};
}

bool is_empty(const Json& list) { return !list.is_array() || list.as_array().empty(); }

Report::Extension extension_of(const Json& told) {
  Report::Extension extension{.entity = text_of(told["name"]),
                              .plain = is_empty(told["relations"]) && is_empty(told["listeners"])};
  if (told["columns"].is_array())
    for (const Json& column : told["columns"].as_array()) {
      const auto type = type_of(column);
      // One that must have a value is written by who knows which.
      extension.plain = extension.plain && type && column["nullable"].truthy();
      if (type)
        extension.columns.push_back({text_of(column["property"]), *type, column["nullable"].truthy(),
                                     column["select"] == Json(false) ? schema::Shown::never : schema::Shown::always});
    }
  return extension;
}

Report::Answered::When when_of(const Json& told) {
  using When = Report::Answered::When;
  if (told == Json("api_token")) return When::api_token;
  if (told == Json("expand")) return When::expand;
  return told == Json("own_path") ? When::own_path : When::always;
}

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  for (auto& segment : base::split(path, '/'))
    if (!segment.empty()) segments.push_back(std::move(segment));
  return segments;
}

// Whether a query has `expand` or `fields`, however they are written: a word too many only costs time.
bool asks_for_more(std::string_view query) {
  const std::string text = base::lower(base::url_decode(query, base::PlusAsBlank::yes));
  return text.find("expand") != text.npos || text.find("fields") != text.npos;
}

bool takes(const Report::OwnPath& own, const http::Request& request, const std::vector<std::string>& path) {
  const bool method = own.method == "*" || own.method == request.method_text ||
                      (own.method == "GET" && request.method == http::Method::head);
  if (!method) return false;
  for (std::size_t at = 0; at < own.segments.size(); ++at) {
    if (own.segments[at] == "*") return true;
    if (at == path.size()) return false;
    if (own.segments[at] != ":any" && !base::equal_ignoring_case(own.segments[at], path[at])) return false;
  }
  return own.segments.size() == path.size();
}

template<class Take> void each(const Json& list, Take take) {
  if (!list.is_array()) return;
  for (const Json& entry : list.as_array()) take(entry);
}

} // namespace

std::vector<Offer> offers_in(const Json& list) {
  std::vector<Offer> offers;
  each(list, [&](const Json& entry) {
    offers.push_back({text_of(entry["port"]), text_of(entry["id"]), entry["knows_keys"].truthy()});
  });
  return offers;
}

Report::Report(Json told) : offers(offers_in(told["providers"])), text(std::move(told)) {
  each(text["routes"], [&](const Json& route) {
    Answered& answered = routes[key_of(text_of(route["method"]), text_of(route["path"]))];
    answered.why = text_of(route["why"]);
    answered.when = when_of(route["when"]);
    each(route["entities"], [&](const Json& entity) { answered.entities.push_back(text_of(entity)); });
  });
  each(text["own"], [&](const Json& path) {
    own.push_back(
        {text_of(path["method"]), segments_of(text_of(path["path"])), text_of(path["path"]), text_of(path["why"])});
  });
  each(text["entities"]["extended"], [&](const Json& entity) { extensions.push_back(extension_of(entity)); });
  each(text["prefixes"], [&](const Json& part) { parts.push_back({text_of(part["path"]), text_of(part["why"])}); });
  each(text["plugins"],
       [&](const Json& plugin) { plugins.push_back(text_of(plugin["name"]) + " " + text_of(plugin["version"])); });
}

std::string Report::key_of(std::string_view method, std::string_view path) {
  std::string key(method);
  key += ' ';
  bool in_name = false;
  for (const char c : path) {
    if (c == '/') in_name = false;
    if (!in_name) key += c;
    if (c == ':') in_name = true;
  }
  return key;
}

const Report::Answered* Report::answered(const http::Route& route) const {
  const auto found = routes.find(key_of(http::method_name(route.method), route.path));
  return found == routes.end() ? nullptr : &found->second;
}

bool Report::offers_provider(std::string_view port, std::string_view id) const {
  return std::any_of(offers.begin(), offers.end(), [&](const Offer& o) { return o.port == port && o.id == id; });
}

Division::Division(std::shared_ptr<const Report> report, std::span<const http::Route> routes, const Shown& shown)
    : report_(std::move(report)) {
  const auto is_shown = [&](const std::string& entity) { return shown.contains(entity); };
  for (const http::Route& route : routes) {
    const Report::Answered* found = report_->answered(route);
    if (!found) continue;
    const auto& entities = found->entities;
    if (!entities.empty() && std::all_of(entities.begin(), entities.end(), is_shown)) continue;
    routes_.emplace(&route, found->when);
  }
}

bool Division::is_the_childs(const http::Request& request, const http::Route* route) const {
  for (const Report::Part& part : report_->parts)
    if (lies_in(request.path, part.path)) return true;
  if (!route) return true;
  if (!report_->own.empty()) {
    const auto path = segments_of(request.path);
    for (const Report::OwnPath& own : report_->own)
      if (takes(own, request, path)) return true;
  }
  const auto found = routes_.find(route);
  if (found == routes_.end()) return false;
  using When = Report::Answered::When;
  switch (found->second) {
  case When::own_path: return false;
  case When::api_token: return !request.header("x-medusa-access-token").empty();
  case When::expand: return asks_for_more(request.raw_query);
  case When::always: break;
  }
  return true;
}

} // namespace plugins
