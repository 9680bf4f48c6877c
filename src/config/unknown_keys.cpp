#include "config/unknown_keys.hpp"
#include "base/strings.hpp"
#include "config/environment.hpp"
#include "config/properties.hpp"
#include <algorithm>
#include <cctype>
#include <unistd.h>

namespace config {
namespace {
using base::Json;

// Names of the second generation that are more than the same words in camelCase.
constexpr std::pair<std::string_view, std::string_view> kSecondGeneration[] = {
    {"projectConfig.databaseName", "projectConfig.database_database"},
    {"projectConfig.http.compression", "projectConfig.http_compression"},
    {"projectConfig.http.storeCors", "projectConfig.store_cors"},
    {"projectConfig.http.adminCors", "projectConfig.admin_cors"},
    {"projectConfig.http.authCors", "projectConfig.auth_cors"},
    {"projectConfig.http.jwtSecret", "projectConfig.jwt_secret"},
    {"projectConfig.http.cookieSecret", "projectConfig.cookie_secret"},
    {"admin", "plugins"},
};

// Names that older starters still have; nothing has read them for long.
constexpr std::string_view kHarmless[] = {"projectConfig.cli_migration_dirs"};

bool is_known(std::string_view key) {
  for (const Property& property : properties())
    if (property.key == key || (property.key.starts_with(key) && property.key.substr(key.size()).starts_with(".")))
      return true;
  return std::find(std::begin(kHarmless), std::end(kHarmless), key) != std::end(kHarmless);
}

std::string snake_case(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (std::isupper(static_cast<unsigned char>(c))) out += '_';
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

// The first generation's name of a key of the second; empty where it is none.
std::string twin_of(const std::string& key) {
  for (const auto& [second, first] : kSecondGeneration)
    if (second == key) return std::string(first);
  const auto dot = key.rfind('.');
  if (dot == key.npos) return {};
  const std::string snake = key.substr(0, dot + 1) + snake_case(std::string_view(key).substr(dot + 1));
  return snake != key && is_known(snake) ? snake : std::string();
}

// All keys at that level: "projectConfig." and what follows up to the next dot.
std::vector<std::string> names_below(std::string_view prefix) {
  std::vector<std::string> names;
  for (const Property& property : properties()) {
    if (!property.key.starts_with(prefix) || property.key.starts_with("env:")) continue;
    const std::string_view rest = property.key.substr(prefix.size());
    const std::string name(rest.substr(0, rest.find('.')));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

Finding unknown(const std::string& key, const std::string& prefix, const std::string& name) {
  if (const std::string twin = twin_of(key); !twin.empty())
    return {.severity = Severity::warning,
            .place = {},
            .key = key,
            .message = key + " is a name of Medusa's second generation and without effect; 1.20 calls it " + twin,
            .nearest = twin};
  const std::string near = base::nearest(name, names_below(prefix));
  if (!near.empty())
    return {.severity = Severity::warning,
            .place = {},
            .key = key,
            .message = key + " is not known and without effect (did you mean " + prefix + near + "?)",
            .nearest = prefix + near};
  // Plugins may read what the project keeps there.
  return {.severity = Severity::advice,
          .place = {},
          .key = key,
          .message = key + " is not known to the server; only plugins can read it"};
}

void walk(const Json& object, const std::string& prefix, Findings& findings) {
  for (const auto& [name, value] : object.as_object()) {
    const std::string key = prefix + name;
    if (key == "projectConfig.http" && value.is_object()) {
      walk(value, key + ".", findings);
      continue;
    }
    if (!is_known(key)) {
      findings.push_back(unknown(key, prefix, name));
      continue;
    }
    const auto all = sections();
    const bool section = std::any_of(all.begin(), all.end(), [&](const Section& s) { return s.key == key; });
    if (section && value.is_object()) walk(value, key + ".", findings);
  }
}
void unknown_flags(Findings& findings) {
  constexpr std::string_view kFlags = "MEDUSA_FF_";
  std::vector<std::string> known;
  for (const Property& property : properties())
    if (property.environment.starts_with(kFlags)) known.emplace_back(property.environment);
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    const std::string name(text.substr(0, text.find('=')));
    if (!name.starts_with(kFlags) || std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = base::nearest(name, known);
    findings.push_back(
        {.severity = Severity::warning,
         .place = {},
         .key = name,
         .message = name + " names no feature flag" + (near.empty() ? "" : " (did you mean " + near + "?)"),
         .nearest = near});
  }
}

// "Production" is a mode of its own, and demands nothing of what production does.
void odd_node_env(Findings& findings) {
  const std::vector<std::string> modes{"production", "prod", "staging", "development", "test"};
  const char* const given = std::getenv("NODE_ENV");
  const std::string mode = given ? given : "";
  if (mode.empty() || std::find(modes.begin(), modes.end(), mode) != modes.end()) return;
  const std::string near = base::nearest(base::lower(base::trim(mode)), modes);
  if (near.empty()) return;
  findings.push_back({.severity = Severity::warning,
                      .place = {},
                      .key = "NODE_ENV",
                      .message = "NODE_ENV is " + Json(mode).dump() + ", another word than " + near +
                                 ", whose rules don't hold for it (did you mean " + near + "?)",
                      .found = mode,
                      .nearest = near});
}

// Both are read; whoever reads one alone by dotenv may be astonished.
Finding order_of(const EnvironmentFile& first, const EnvironmentFile& second) {
  std::vector<std::string> both;
  for (const NamedValue& v : first.variables)
    for (const NamedValue& other : second.variables)
      if (v.name == other.name && v.value != other.value) both.push_back(v.name);
  const std::string differ = both.empty() ? "" : "; they differ in " + base::join(both, ", ");
  return {.severity = Severity::advice,
          .place = {first.name},
          .key = {},
          .message = "it counts before " + second.name +
                     ", and both are read, for the configuration's file as for the server" + differ};
}
} // namespace

Findings unknown_keys(const Json& exported) {
  Findings findings;
  walk(exported, "", findings);
  return findings;
}

Findings odd_variables(const std::string& project) {
  Findings findings;
  unknown_flags(findings);
  odd_node_env(findings);
  const std::vector<EnvironmentFile> files = environment_files(project);
  for (const EnvironmentFile& file : files)
    for (const NamedValue& v : file.variables)
      if (v.name == "NODE_ENV" && v.value != std::getenv("NODE_ENV"))
        findings.push_back({.severity = Severity::warning,
                            .place = {file.name, v.line},
                            .key = v.name,
                            .message = "NODE_ENV is without effect here: it counts only in the real environment",
                            .found = v.value});
  if (files.size() > 1) findings.push_back(order_of(files[0], files[1]));
  return findings;
}

} // namespace config
