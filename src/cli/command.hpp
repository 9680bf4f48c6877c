// A command of `stheno`: its name, its options, what it does. Used by main on the main thread.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

struct Option {
  std::string_view name;  // "--port"
  std::string_view brief; // "-p", or empty
  std::string_view value; // what stands for the value in help; empty: a switch
  std::string_view help;
};

// Options by name without the dashes; a switch has the value "true".
class Arguments {
 public:
  bool has(std::string_view name) const { return values_.contains(std::string(name)); }
  std::string get(std::string_view name, std::string_view otherwise = {}) const {
    const auto found = values_.find(std::string(name));
    return found == values_.end() ? std::string(otherwise) : found->second;
  }
  std::vector<std::string> words; // what is no option

 private:
  friend Arguments parse(const struct Command&, const std::vector<std::string>&);
  std::map<std::string, std::string> values_;
};

struct Command {
  std::string_view name;
  std::string_view words; // "run|show|revert", or empty
  std::string_view help;
  std::vector<Option> options;
  int (*run)(const Arguments& arguments); // the exit status; may throw std::exception
};

// Throws std::invalid_argument with a sentence for an unknown option or a missing value.
Arguments parse(const Command& command, const std::vector<std::string>& arguments);

Command start_command();
Command develop_command();

} // namespace cli
