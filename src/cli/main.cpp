#include "base/error.hpp"
#include "base/strings.hpp"
#include "cli/command.hpp"
#include "db/errors.hpp"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {
using namespace cli;

void print(std::FILE* to, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), to);
  std::fflush(to);
}

int print_version() {
  print(stdout, "Stheno " STHENO_VERSION " (serves projects of Medusa 1.20)\n");
  return 0;
}

int usage_failure(const std::string& message, const std::string& help) {
  print(stderr, "error: " + message + "\n" + help + "\n");
  return 1;
}
} // namespace

int main(int count, char** values) {
  std::vector<std::string> arguments(values + 1, values + count);
  const Command commands[] = {start_command,  develop_command, start_cluster_command, new_command,  seed_command,
                              user_command,   doctor_command,  migrations_command,    psql_command, routes_command,
                              config_command, compare_command, telemetry_command};
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    print(arguments.empty() ? stderr : stdout, general_help(commands));
    return arguments.empty() ? 1 : 0;
  }
  if (arguments[0] == "--version" || arguments[0] == "-v") return print_version();
  // What every command understands may stand before it.
  const auto word = std::find_if(arguments.begin(), arguments.end(), [](const auto& a) { return !a.starts_with('-'); });
  if (word != arguments.end()) std::rotate(arguments.begin(), word, word + 1);
  for (const Command& command : commands) {
    if (arguments[0] != command.name) continue;
    try {
      const Arguments parsed = parse_arguments(command, std::span(arguments).subspan(1));
      if (parsed.has("help")) {
        print(stdout, help_of(command));
        return 0;
      }
      if (parsed.has("version")) return print_version();
      if (parsed.has("no-color") || parsed.has("no-colors")) ::setenv("NO_COLOR", "1", 1);
      if (command.words.empty() && !parsed.words.empty()) throw UsageError("Unknown argument: " + parsed.words.front());
      return command.run(parsed);
    } catch (const UsageError& failure) {
      return usage_failure(failure.what(), "`stheno " + arguments[0] + " --help` shows what it accepts.");
    } catch (const config::ConfigError& refused) {
      // With its warnings, one of which may be the reason for an error: as `config check` says it.
      print(stderr, lines_of(refused.findings));
      return 1;
    } catch (const std::exception& failure) {
      print(stderr, "error: " + db::explanation(failure) + "\n");
      return 1;
    }
  }
  std::vector<std::string> names;
  for (const Command& command : commands) names.emplace_back(command.name);
  const std::string meant = base::nearest(arguments[0], names);
  return usage_failure("Unknown command: " + arguments[0] + (meant.empty() ? "" : " (did you mean " + meant + "?)"),
                       "`stheno --help` shows all commands.");
}
