// What there is to say about a configuration: one Finding for each value that is refused, without effect or risky.
// Owns plain values. Made by load() and `stheno config check`, shown by the commands; any thread.
#pragma once
#include "base/json.hpp"
#include <string>
#include <vector>

namespace config {

enum class Severity {
  error,   // 1.20 would crash, hang or fail every request with it: ends the start
  warning, // 1.20 lives with it, but does something else than what is written
  advice,  // nothing is written wrongly; production would want it otherwise
};

// Where something is written. Without a file: in the environment of the process.
struct Place {
  std::string file; // as seen from the project's folder
  int line = 0;     // 0: not known
  int column = 0;
};

struct Finding {
  Severity severity = Severity::error;
  Place place;
  std::string key;        // "projectConfig.store_cors", or a variable
  std::string message;    // the whole sentence, with what follows in it
  std::string found{};    // as it may be shown: never a secret
  std::string accepted{}; // "a text" ...
  std::string nearest{};  // the key that was probably meant
};
using Findings = std::vector<Finding>;

// What is said behind the name of a key.
struct Remark {
  std::string text; // " is 42; it accepts a text"
  std::string found{}, accepted{}, nearest{};
  Remark(std::string said) : text(std::move(said)) {}
  Remark(const char* said) : text(said) {}
  static Remark not_accepted(std::string found, std::string accepted);
};

// "medusa-config.js:12:5: projectConfig.store_cors is 42; it accepts ..."
std::string text_of(const Finding& finding);
base::Json json_of(const Finding& finding);
std::string_view name_of(Severity severity);
bool has_errors(const Findings& findings);

} // namespace config
