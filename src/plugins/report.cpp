#include "plugins/report.hpp"
#include <algorithm>

namespace plugins {

using base::Json;

namespace {

std::string text_of(const Json& value) { return value.is_string() ? value.as_string() : std::string(); }

bool lies_in(std::string_view path, std::string_view part) {
  return path.size() >= part.size() && base::equal_ignoring_case(path.substr(0, part.size()), part) &&
         (path.size() == part.size() || path[part.size()] == '/' || part.ends_with('/'));
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
    routes[key_of(text_of(route["method"]), text_of(route["path"]))] = {text_of(route["why"]),
                                                                        route["when"] == Json("api_token")};
  });
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

bool Report::answers(const http::Request& request, const http::Route* route) const {
  for (const Part& part : parts)
    if (lies_in(request.path, part.path)) return true;
  if (!route) return true;
  if (routes.empty()) return false;
  const Answered* found = answered(*route);
  return found && (!found->with_api_token_only || !request.header("x-medusa-access-token").empty());
}

bool Report::offers_provider(std::string_view port, std::string_view id) const {
  return std::any_of(offers.begin(), offers.end(), [&](const Offer& o) { return o.port == port && o.id == id; });
}

} // namespace plugins
