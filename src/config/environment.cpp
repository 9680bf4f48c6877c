#include "config/environment.hpp"
#include "base/strings.hpp"
#include <filesystem>
#include <fstream>
#include <iterator>

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
    while (at < text.size() && text[at] == ' ') ++at;
    if (!name.empty() && at < text.size() && (text[at] == '=' || text[at] == ':')) {
      ++at;
      variables.emplace_back(name, value_at(text, at));
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

std::string absolute_path(const std::string& path) {
  std::error_code failure;
  const auto whole = std::filesystem::weakly_canonical(path, failure);
  return failure ? path : whole.string();
}

} // namespace config
