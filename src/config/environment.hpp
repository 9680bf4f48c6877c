// Files with variables (.env), in dotenv's syntax, and the variables of the process. Owns nothing. Called by load(), before other threads exist.
#pragma once
#include "config/config.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace config {

struct NamedValue {
  std::string name, value;
  int line = 0;
  bool operator==(const NamedValue&) const = default;
};
using Variables = std::vector<NamedValue>;

// dotenv 16: NAME=value, `export NAME=...`, comments, single, double and backtick quotes, \n in double quotes. Of a name
// that is given more than once the last value counts.
Variables parse_environment(std::string_view text);
// The same from a file; nothing where there is no such file.
Variables read_environment_file(const std::string& path);

// What the configuration file has set while it ran (`by_file`) and what .env says, put into this process' environment;
// the result knows where each variable comes from. NODE_ENV must be set: by whom?
enum class NodeEnv { given, assumed };
Environment settle_environment(const std::string& project, const Variables& by_file, NodeEnv node_env);

// `path` seen from the working directory, without "." and ".." parts and symbolic links where it exists.
std::string absolute_path(const std::string& path);

} // namespace config
