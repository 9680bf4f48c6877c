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

// As dotenv 16 reads it (dotenv.cpp). Of a name that is given more than once the last value counts.
Variables parse_environment(std::string_view text);

struct EnvironmentFile {
  std::string name; // ".env.production"
  Variables variables;
};
// The project's files with variables, for the evaluation of its configuration and for the server alike: .env.<NODE_ENV>, then
// .env. What the first says counts; what is set in the real environment counts before both.
std::vector<EnvironmentFile> environment_files(const std::string& project);

// What the configuration file has set while it ran (`by_file`) and what its environment files say, put into this process' environment;
// the result knows where each variable comes from. NODE_ENV must be set: by whom?
enum class NodeEnv { given, assumed };
Environment settle_environment(const std::string& project, const Variables& by_file, NodeEnv node_env);

// "process.env.DATABSE_URL is not set (did you mean DATABASE_URL?)": of those among `names` that are not set, by names alone;
// empty where all are.
std::string unset_variables(const std::vector<std::string>& names, const Environment& lookup);

// `path` seen from the working directory, without "." and ".." parts and symbolic links where it exists.
std::string absolute_path(const std::string& path);

} // namespace config
