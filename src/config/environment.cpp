#include "config/environment.hpp"
#include "base/strings.hpp"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

namespace config {
namespace {
bool name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 1 < text.size();
    if (escape && text[i + 1] == 'n')
      out.push_back('\n'), ++i;
    else if (escape && text[i + 1] == 'r')
      out.push_back('\r'), ++i;
    else
      out.push_back(text[i]);
  }
  return out;
}

// The value that begins at `at`, which moves behind it.
std::string value_at(std::string_view text, std::size_t& at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  const char quote = at < text.size() ? text[at] : '\0';
  if (quote == '"' || quote == '\'' || quote == '`') {
    auto end = at + 1;
    while (end < text.size() && text[end] != quote) end += text[end] == '\\' && end + 1 < text.size() ? 2 : 1;
    if (end < text.size()) {
      const std::string_view inside = text.substr(at + 1, end - at - 1);
      at = end + 1;
      return quote == '"' ? unescaped(inside) : std::string(inside);
    }
  }
  const auto end = std::min(text.find_first_of("\r\n#", at), text.size());
  const std::string_view plain = base::trim(text.substr(at, end - at));
  at = end;
  return std::string(plain);
}
} // namespace

Variables parse_environment(std::string_view text) {
  Variables variables;
  int line = 1;
  std::size_t counted = 0;
  const auto add = [&](NamedValue entry) {
    for (NamedValue& known : variables)
      if (known.name == entry.name) {
        known = std::move(entry);
        return;
      }
    variables.push_back(std::move(entry));
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto line_end = [&] {
      const auto end = text.find('\n', at);
      at = end == std::string_view::npos ? text.size() : end + 1;
    };
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    if (text.substr(at).starts_with("export ")) at += 7;
    while (at < text.size() && text[at] == ' ') ++at;
    const auto from = at;
    while (at < text.size() && name_character(text[at])) ++at;
    const std::string name(text.substr(from, at - from));
    const bool colon = text.substr(at).starts_with(": ");
    while (at < text.size() && text[at] == ' ') ++at;
    if (!name.empty() && at < text.size() && (text[at] == '=' || colon)) {
      for (; counted < from; ++counted) line += text[counted] == '\n';
      ++at;
      add({name, value_at(text, at), line});
    }
    line_end();
  }
  return variables;
}

Variables read_environment_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {};
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return parse_environment(text);
}

Environment settle_environment(const std::string& project, const Variables& by_file, NodeEnv node_env) {
  std::map<std::string, Variable, std::less<>> origins;
  const Variables common = read_environment_file(project + "/.env");
  const char* const mode = std::getenv("NODE_ENV");
  const std::string own_name = std::string(".env.") + (mode ? mode : "");
  const Variables own = read_environment_file(project + "/" + own_name);
  const auto origin = [&](const NamedValue& set) -> Variable {
    for (const auto& [variables, file] : {std::pair{&own, own_name}, std::pair{&common, std::string(".env")}})
      for (const NamedValue& v : *variables)
        if (v.name == set.name && v.value == set.value) return {v.value, Source::dotenv, {file, v.line}};
    return {set.value, Source::file, {}};
  };
  if (mode && node_env == NodeEnv::assumed) origins["NODE_ENV"] = {mode, Source::fallback, {}};
  // What the file itself has put into its environment (by dotenv or by hand) counts first, then the project's .env.
  for (const NamedValue& v : by_file) {
    ::setenv(v.name.c_str(), v.value.c_str(), 1);
    origins[v.name] = origin(v);
  }
  for (const NamedValue& v : common) {
    if (std::getenv(v.name.c_str())) continue;
    ::setenv(v.name.c_str(), v.value.c_str(), 1);
    origins[v.name] = {v.value, Source::dotenv, {".env", v.line}};
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
