#include "cli/command.hpp"
#include "config/masking.hpp"
#include "config/properties.hpp"
#include "config/reference.hpp"
#include <algorithm>
#include <cstdio>

namespace cli {
namespace {
using base::Json;
using config::Severity;

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

std::size_t count(const config::Config& config, Severity severity) {
  return static_cast<std::size_t>(std::count_if(config.findings.begin(), config.findings.end(),
                                                [&](const auto& finding) { return finding.severity == severity; }));
}

std::string counted(std::size_t number, std::string_view one, std::string_view many) {
  return std::to_string(number) + " " + std::string(number == 1 ? one : many);
}

std::string file_of(const config::Config& config) {
  const std::string folder = config.project + "/";
  return config.file.starts_with(folder) ? config.file.substr(folder.size()) : config.file;
}

int check(const config::Config& config, bool as_json) {
  const std::size_t errors = count(config, Severity::error), warnings = count(config, Severity::warning),
                    advice = count(config, Severity::advice);
  if (as_json) {
    base::JsonArray list;
    for (const config::Finding& finding : sorted(config.findings)) list.push_back(config::json_of(finding));
    print(Json(base::JsonObject{{"file", config.file.empty() ? Json(nullptr) : Json(file_of(config))},
                                {"errors", static_cast<std::int64_t>(errors)},
                                {"warnings", static_cast<std::int64_t>(warnings)},
                                {"advice", static_cast<std::int64_t>(advice)},
                                {"findings", std::move(list)}})
              .dump() +
          "\n");
  } else {
    print(lines_of(config.findings));
    print(counted(errors, "error", "errors") + ", " + counted(warnings, "warning", "warnings") + ", " +
          counted(advice, "piece", "pieces") + " of advice\n");
  }
  return errors > 0;
}

// "medusa-config.js:12", ".env:3", "environment", "default".
std::string source_text(const config::Setting& setting) {
  if (setting.source == config::Source::fallback) return "default";
  if (setting.source == config::Source::environment) return "environment";
  return setting.place.file + (setting.place.line > 0 ? ":" + std::to_string(setting.place.line) : "");
}
std::string_view source_name(config::Source source) {
  switch (source) {
  case config::Source::file: return "file";
  case config::Source::environment: return "environment";
  case config::Source::dotenv: return ".env";
  case config::Source::fallback: break;
  }
  return "default";
}

// A variable alone is called by its name.
std::string name_of(const config::Property& property) {
  return std::string(property.key.starts_with("env:") ? property.environment : property.key);
}

int show(const config::Config& config, bool as_json) {
  if (as_json) {
    base::JsonArray list;
    for (const config::Setting& setting : config.settings) {
      const Json value = config::shown_value(setting);
      list.push_back(base::JsonObject{
          {"key", name_of(*setting.property)},
          {"value", value.is_undefined() ? Json(nullptr) : value},
          {"source", source_name(setting.source)},
          {"file", setting.place.file.empty() ? Json(nullptr) : Json(setting.place.file)},
          {"line", setting.place.line > 0 ? Json(setting.place.line) : Json(nullptr)},
          {"variable", setting.property->environment.empty() ? Json(nullptr) : Json(setting.property->environment)}});
    }
    print(Json(base::JsonObject{{"file", Json(file_of(config))}, {"settings", std::move(list)}}).dump() + "\n");
  } else {
    std::size_t width = 0;
    for (const config::Setting& setting : config.settings) width = std::max(width, name_of(*setting.property).size());
    for (const config::Setting& setting : config.settings) {
      std::string line = name_of(*setting.property);
      line.resize(width + 2, ' ');
      const Json value = config::shown_value(setting);
      print(line + (value.is_undefined() ? "-" : value.dump()) + "  (" + source_text(setting) + ")\n");
    }
  }
  for (const config::Finding& finding : config.findings)
    if (finding.severity == Severity::error) std::fputs(("error: " + config::text_of(finding) + "\n").c_str(), stderr);
  return config::has_errors(config.findings);
}

int run(const Arguments& arguments) {
  const std::string what = arguments.words.size() == 1 ? arguments.words[0] : "";
  if (what == "reference") {
    print(config::reference());
    return 0;
  }
  if (what != "check" && what != "show") throw UsageError("config takes one of check, show, reference");
  const config::Config config = read_config(arguments);
  return what == "check" ? check(config, arguments.has("json")) : show(config, arguments.has("json"));
}
} // namespace

const Command config_command{
    "config",
    "check|show|reference",
    "Finds all faults of the configuration, shows its values and where they come from, or lists what it may say.",
    {{.name = "json", .description = "of check and show: as JSON"}},
    run};

} // namespace cli
