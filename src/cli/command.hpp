// The shape of a command: its options, its help, what it does. Owns the table of commands (each in its own file) and the
// reading of arguments. Called by main, on the main thread.
#pragma once
#include "config/config.hpp"
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

struct Option {
  std::string_view name;    // without dashes
  char letter = 0;          // 0: none
  std::string_view value{}; // what its value is called in the help; empty: it takes none
  std::string_view description;
};

struct Arguments {
  std::map<std::string, std::string, std::less<>> options; // "true" for those without a value
  std::vector<std::string> words;                          // what is no option
  bool has(std::string_view name) const { return options.contains(name); }
  std::string value(std::string_view name, std::string_view fallback = {}) const;
};

struct Command {
  std::string_view name;
  std::string_view words{}; // accepted words behind the name, for the help: "run|show|revert"
  std::string_view summary;
  std::vector<Option> options;
  int (*run)(const Arguments&);
};

// What the user did wrong; printed with a hint at --help, exit code 1.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws UsageError.
Arguments parse_arguments(const Command& command, std::span<const std::string> arguments);
std::string help_of(const Command& command);
std::string general_help(std::span<const Command> commands);

// The configuration of the project in the working directory under what the command line says, with all that is to be said
// about it among its findings.
config::Config read_config(const Arguments& arguments);
// The same for commands that work with it: refused when it has errors (throws ConfigError). A server logs whatever else there is
// to say; other commands print the warnings beside what they do, one of which may be why it fails.
enum class Warnings { printed, logged };
config::Config load_config(const Arguments& arguments, Warnings warnings = Warnings::printed);
// The most severe first; those of one severity in the order of the file.
config::Findings sorted(config::Findings findings);
// "error: medusa-config.js:6:5: ...", a line each, sorted.
std::string lines_of(const config::Findings& findings);

extern const Command config_command, start_command, develop_command, start_cluster_command, migrations_command,
    seed_command, user_command, routes_command, compare_command, telemetry_command, new_command, psql_command,
    doctor_command;

} // namespace cli
