#include "cli/command.hpp"
#include <algorithm>
#include <stdexcept>

namespace cli {

Arguments parse(const Command& command, const std::vector<std::string>& arguments) {
  Arguments parsed;
  for (std::size_t i = 0; i < arguments.size(); i++) {
    std::string word = arguments[i], value;
    if (word.size() < 2 || word[0] != '-') {
      parsed.words.push_back(word);
      continue;
    }
    const auto equals = word.find('=');
    const bool inline_value = equals != std::string::npos;
    if (inline_value) {
      value = word.substr(equals + 1);
      word.resize(equals);
    }
    const auto option = std::find_if(command.options.begin(), command.options.end(),
                                     [&](const Option& o) { return o.name == word || (!o.brief.empty() && o.brief == word); });
    if (option == command.options.end()) throw std::invalid_argument("Unknown argument: " + word);
    if (option->value.empty()) {
      value = "true";
    } else if (!inline_value) {
      if (i + 1 == arguments.size()) throw std::invalid_argument("Not enough arguments following: " + word);
      value = arguments[++i];
    }
    parsed.values_[std::string(option->name.substr(2))] = value;
  }
  return parsed;
}

} // namespace cli
