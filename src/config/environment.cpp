#include "config/environment.hpp"
#include "base/strings.hpp"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <unistd.h>

namespace config {
namespace {

std::optional<Variables> read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || !std::filesystem::is_regular_file(path)) return {};
  return parse_environment(std::string{std::istreambuf_iterator<char>(file), {}});
}

// Among the variables that are set. Only names are compared, and short ones are near to everything.
std::string nearest_variable(const std::string& name) {
  constexpr std::size_t kShort = 5, kSame = 3;
  if (name.size() < kShort) return {};
  std::vector<std::string> names;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    std::string set(text.substr(0, text.find('=')));
    // One end at least is right.
    if (set.size() < kShort) continue;
    if (base::equal_ignoring_case(set, name)) return set;
    if (set.starts_with(name.substr(0, kSame)) || set.ends_with(name.substr(name.size() - kSame)))
      names.push_back(std::move(set));
  }
  return base::nearest(name, names);
}
} // namespace

std::vector<EnvironmentFile> environment_files(const std::string& project) {
  std::vector<EnvironmentFile> files;
  const char* const given = std::getenv("NODE_ENV");
  const std::string mode = given ? given : "";
  for (const std::string& name : {".env." + mode, std::string(".env")}) {
    if (mode.find('/') != mode.npos && name != ".env") continue;
    if (auto variables = read(project + "/" + name)) files.push_back({name, std::move(*variables)});
  }
  return files;
}

std::string unset_variables(const std::vector<std::string>& names, const Environment& lookup) {
  std::string text;
  for (const std::string& name : names) {
    if (lookup(name)) continue;
    const std::string near = nearest_variable(name);
    text += (text.empty() ? "" : ", ") + ("process.env." + name) + " is not set" +
            (near.empty() ? "" : " (did you mean " + near + "?)");
  }
  return text;
}

Environment settle_environment(const std::string& project, const Variables& by_file, NodeEnv node_env) {
  std::map<std::string, Variable, std::less<>> origins;
  const std::vector<EnvironmentFile> files = environment_files(project);
  const auto origin = [&](const NamedValue& set) -> Variable {
    for (const EnvironmentFile& file : files)
      for (const NamedValue& v : file.variables)
        if (v.name == set.name && v.value == set.value) return {v.value, Source::dotenv, {file.name, v.line}};
    return {set.value, Source::file, {}};
  };
  if (node_env == NodeEnv::assumed) origins["NODE_ENV"] = {std::getenv("NODE_ENV"), Source::fallback, {}};
  // What the file itself has put into its environment (by dotenv or by hand) counts first.
  for (const NamedValue& v : by_file) {
    ::setenv(v.name.c_str(), v.value.c_str(), 1);
    origins[v.name] = origin(v);
  }
  for (const EnvironmentFile& file : files)
    for (const NamedValue& v : file.variables) {
      if (std::getenv(v.name.c_str())) continue;
      ::setenv(v.name.c_str(), v.value.c_str(), 1);
      origins[v.name] = {v.value, Source::dotenv, {file.name, v.line}};
    }
  return [origins = std::move(origins)](const std::string& name) -> std::optional<Variable> {
    const char* value = std::getenv(name.c_str());
    if (!value) return std::nullopt;
    if (const auto found = origins.find(name); found != origins.end() && found->second.value == value)
      return found->second;
    return Variable{value, Source::environment, {}};
  };
}

std::string absolute_path(const std::string& path) {
  std::error_code failure;
  const auto whole = std::filesystem::weakly_canonical(path, failure);
  return failure ? path : whole.string();
}

} // namespace config
