// Files with variables (.env), in dotenv's syntax. Owns nothing. Called by load(), before other threads exist.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace config {

using Variables = std::vector<std::pair<std::string, std::string>>;

// dotenv 16: NAME=value, `export NAME=...`, comments, single, double and backtick quotes, \n in double quotes.
Variables parse_environment(std::string_view text);
// The same from a file; nothing where there is no such file.
Variables read_environment_file(const std::string& path);

// `path` seen from the working directory, without "." and ".." parts and symbolic links where it exists.
std::string absolute_path(const std::string& path);

} // namespace config
