#include "cli/command.hpp"
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

std::vector<cli::Command> commands() {
  return {cli::start_command(), cli::develop_command()};
}

void print_usage() {
  std::puts("Usage: stheno <command> [options]\n\nCommands:");
  for (const auto& command : commands())
    std::printf("  %-32s %s\n", (std::string(command.name) + " " + std::string(command.words)).c_str(),
                std::string(command.help).c_str());
  std::puts("\nOptions:\n  --help, -h                       of all, or of one command\n"
            "  --version, -v                    which version this is");
}

void print_help(const cli::Command& command) {
  std::printf("Usage: stheno %s %s [options]\n\n%s\n\n", std::string(command.name).c_str(),
              std::string(command.words).c_str(), std::string(command.help).c_str());
  for (const auto& option : command.options) {
    std::string left(option.name);
    if (!option.brief.empty()) left += ", " + std::string(option.brief);
    if (!option.value.empty()) left += " " + std::string(option.value);
    std::printf("  %-32s %s\n", left.c_str(), std::string(option.help).c_str());
  }
}

} // namespace

int main(int count, char** values) {
  const std::vector<std::string> words(values + 1, values + count);
  const auto is_help = [](const std::string& word) { return word == "--help" || word == "-h"; };
  if (words.empty() || is_help(words[0])) {
    print_usage();
    return words.empty() ? 1 : 0;
  }
  if (words[0] == "--version" || words[0] == "-v") {
    std::puts("stheno " STHENO_VERSION);
    return 0;
  }
  for (const auto& command : commands()) {
    if (command.name != words[0]) continue;
    const std::vector<std::string> rest(words.begin() + 1, words.end());
    for (const auto& word : rest)
      if (is_help(word)) return print_help(command), 0;
    try {
      return command.run(cli::parse(command, rest));
    } catch (const std::exception& failure) {
      std::fprintf(stderr, "error: %s\n", failure.what());
      return 1;
    }
  }
  std::fprintf(stderr, "Unknown command: %s\n\n", words[0].c_str());
  print_usage();
  return 1;
}
