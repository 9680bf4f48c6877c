#include "cli/command.hpp"
#include "app/check.hpp"
#include "base/strings.hpp"
#include "config/properties.hpp"
#include <algorithm>
#include <array>
#include <cstdio>

namespace cli {
namespace {

// Understood by every command.
const std::array<Option, 7> kCommon{{
    {"ignore-unsupported-plugins", 0, {}, "accepted, and without effect: all plugins run"},
    {"verbose", 0, {}, "log everything"},
    {"no-color", 0, {}, "without colours, as with NO_COLOR"},
    {"no-colors", 0, {}, "the same"},
    {"json", 0, {}, "accepted; log lines are JSON unless written to a terminal"},
    {"help", 'h', {}, "show this help"},
    {"version", 'v', {}, "show the version"},
}};

const Option* find(const Command& command, std::string_view name) {
  const auto named = [&](const Option& o) { return o.name == name || (name.size() == 1 && o.letter == name[0]); };
  for (const Option& o : command.options)
    if (named(o)) return &o;
  for (const Option& o : kCommon)
    if (named(o)) return &o;
  return nullptr;
}

[[noreturn]] void unknown(const Command& command, const std::string& argument) {
  std::vector<std::string> names;
  for (const Option& o : command.options) names.emplace_back("--" + std::string(o.name));
  for (const Option& o : kCommon) names.emplace_back("--" + std::string(o.name));
  const std::string meant = base::nearest(argument, names);
  throw UsageError("Unknown argument: " + argument + (meant.empty() ? "" : " (did you mean " + meant + "?)"));
}

// Medusa 1.20: loaders/feature-flags. Operators look for these lines.
void log_flags(const config::Config& config) {
  for (const config::Setting& setting : config.settings)
    if (setting.property->key.starts_with("featureFlags.") && setting.source != config::Source::fallback)
      base::log_info("Using flag " + std::string(setting.property->environment) + " from " +
                     (setting.source == config::Source::file ? "project config" : "environment") + " with value " +
                     setting.value.dump());
}

std::string option_line(const Option& option) {
  std::string left = "  ";
  left += option.letter ? std::string("-") + option.letter + ", " : std::string("    ");
  left += "--" + std::string(option.name);
  if (!option.value.empty()) left += " <" + std::string(option.value) + ">";
  left.resize(std::max<std::size_t>(left.size() + 2, 38), ' ');
  return left + std::string(option.description) + "\n";
}
} // namespace

std::string Arguments::value(std::string_view name, std::string_view fallback) const {
  const auto found = options.find(name);
  return found == options.end() ? std::string(fallback) : found->second;
}

Arguments parse_arguments(const Command& command, std::span<const std::string> arguments) {
  Arguments parsed;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      parsed.words.insert(parsed.words.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
      break;
    }
    if (argument.size() < 2 || argument[0] != '-') {
      parsed.words.push_back(argument);
      continue;
    }
    std::string_view name = std::string_view(argument).substr(argument.starts_with("--") ? 2 : 1);
    std::optional<std::string> value;
    if (const auto equals = name.find('='); equals != std::string_view::npos) {
      value = std::string(name.substr(equals + 1));
      name = name.substr(0, equals);
    }
    const Option* option = find(command, name);
    if (!option) unknown(command, argument);
    if (option->value.empty()) {
      if (value) throw UsageError("--" + std::string(option->name) + " takes no value");
      value = "true";
    } else if (!value) {
      if (i + 1 == arguments.size()) throw UsageError("--" + std::string(option->name) + " needs a value");
      value = arguments[++i];
    }
    parsed.options[std::string(option->name)] = *value;
  }
  return parsed;
}

std::string help_of(const Command& command) {
  std::string text = "stheno " + std::string(command.name);
  if (!command.words.empty()) text += " <" + std::string(command.words) + ">";
  text += " [options]\n\n" + std::string(command.summary) + "\n\nOptions:\n";
  for (const Option& o : command.options) text += option_line(o);
  for (const Option& o : kCommon) text += option_line(o);
  return text;
}

std::string general_help(std::span<const Command> commands) {
  std::string text = "stheno <command> [options]\n\nServes the Medusa 1.20 project in this folder.\n\nCommands:\n";
  for (const Command& c : commands) {
    std::string left = "  " + std::string(c.name);
    if (!c.words.empty()) left += " <" + std::string(c.words) + ">";
    left.resize(std::max<std::size_t>(left.size() + 2, 38), ' ');
    text += left + std::string(c.summary) + "\n";
  }
  text += "\nOptions:\n" + option_line({"version", 'v', {}, "show the version"}) +
          option_line({"help", 'h', {}, "show help, also behind a command"});
  return text;
}

config::Config read_config(const Arguments& arguments) {
  config::Config config = config::load({});
  if (constexpr std::string_view kIgnore = "ignore-unsupported-plugins"; arguments.has(kIgnore)) {
    const std::string option = "--" + std::string(kIgnore);
    config.findings.push_back({config::Severity::warning,
                               {},
                               option,
                               option + " is without effect: plugins, modules and the project's own code run in the "
                                        "project's own Medusa; take out of medusa-config what should not run"});
  }
  config.port = arguments.value("port", config.port);
  config.host = arguments.value("host", config.host);
  app::check(config);
  return config;
}

config::Config load_config(const Arguments& arguments, Warnings warnings) {
  config::Config config = read_config(arguments);
  config::refuse_errors(config);
  base::set_log_level(arguments.has("verbose") ? base::LogLevel::silly : config.log_level);
  if (!config.log_file.empty()) base::set_log_file(config.log_file);
  if (warnings == Warnings::logged) {
    log_flags(config);
    for (const config::Finding& finding : config.findings) base::log_warn(config::text_of(finding));
  } else {
    config::Findings told = config.findings;
    std::erase_if(told, [](const auto& finding) { return finding.severity != config::Severity::warning; });
    std::fputs(lines_of(told).c_str(), stderr);
  }
  return config;
}

config::Findings sorted(config::Findings findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const auto& a, const auto& b) {
    return std::pair(a.severity, a.place.line) < std::pair(b.severity, b.place.line);
  });
  return findings;
}

std::string lines_of(const config::Findings& findings) {
  std::string lines;
  for (const config::Finding& finding : sorted(findings))
    lines += std::string(config::name_of(finding.severity)) + ": " + config::text_of(finding) + "\n";
  return lines;
}

} // namespace cli
