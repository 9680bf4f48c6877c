// What the npm package dotenv 16 makes of a file, whose grammar is one regular expression: a name at the beginning of a
// line, = or ": ", and a value that is quoted (and then may have several lines) or ends with its line or at a #.
#include "base/strings.hpp"
#include "config/environment.hpp"
#include <algorithm>

namespace config {
namespace {

// How many bytes of JavaScript's \s stand there: ASCII blanks, the marks of byte order and of lines, Unicode's blanks.
std::size_t blank_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const auto byte = [&](std::size_t n) { return at + n < text.size() ? static_cast<unsigned char>(text[at + n]) : 0u; };
  if (byte(0) == ' ' || (byte(0) >= '\t' && byte(0) <= '\r')) return 1;
  if (byte(0) == 0xc2) return byte(1) == 0xa0 ? 2 : 0;
  // A character that is cut off, or none, is no blank.
  const bool whole = (byte(1) & 0xc0u) == 0x80 && (byte(2) & 0xc0u) == 0x80;
  const unsigned point =
      whole && byte(0) >= 0xe0 && byte(0) < 0xf0 ? (byte(0) & 15u) << 12 | (byte(1) & 63u) << 6 | (byte(2) & 63u) : 0;
  const bool blank = point == 0x1680 || (point >= 0x2000 && point <= 0x200a) || point == 0x2028 || point == 0x2029 ||
                     point == 0x202f || point == 0x205f || point == 0x3000 || point == 0xfeff;
  return blank ? 3 : 0;
}

std::size_t behind_blanks(std::string_view text, std::size_t at) {
  while (const std::size_t n = blank_at(text, at)) at += n;
  return at;
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(behind_blanks(text, 0));
  std::size_t end = 0; // of what is no blank
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t n = blank_at(text, at);
    at += n ? n : 1;
    if (!n) end = at;
  }
  return text.substr(0, end);
}

std::size_t behind_name(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const char c = text[at];
    const bool in_name =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    if (!in_name) break;
    ++at;
  }
  return at;
}

// Behind a value there may only be blanks, then the end of a line or a comment.
bool may_end(std::string_view text, std::size_t at) {
  const std::size_t next = behind_blanks(text, at);
  return next >= text.size() || text[next] == '#' || text.substr(at, next - at).find('\n') != text.npos;
}

// Where the value in quotes that begins at `from` ends; 0 where it is none. A quote behind a backslash ends a value only
// where no later one does.
std::size_t quoted_end(std::string_view text, std::size_t from) {
  const char quote = text[from];
  std::size_t end = from + 1, escaped = 0; // the last one behind a backslash that could end it
  for (; end < text.size() && text[end] != quote; ++end) {
    if (text[end] != '\\' || end + 1 >= text.size() || text[end + 1] != quote) continue;
    ++end;
    if (may_end(text, end + 1)) escaped = end + 1;
  }
  return end < text.size() && may_end(text, end + 1) ? end + 1 : escaped;
}

void replace_all(std::string& text, std::string_view what, char by) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) text.replace(at, what.size(), 1, by);
}

std::string value_of(std::string_view text) {
  text = trimmed(text);
  const char quote = text.empty() ? '\0' : text.front();
  const bool quoted = quote == '"' || quote == '\'' || quote == '`';
  std::string value(quoted && text.size() > 1 && text.back() == quote ? text.substr(1, text.size() - 2) : text);
  if (quote != '"') return value;
  replace_all(value, "\\n", '\n');
  replace_all(value, "\\r", '\r');
  return value;
}

// A name and its sign: where the value begins; 0 where there are none.
struct Head {
  std::size_t from = 0, end = 0, value = 0;
};
Head head_at(std::string_view text, std::size_t from) {
  const std::size_t end = behind_name(text, from);
  if (end == from) return {};
  const std::size_t sign = behind_blanks(text, end);
  if (sign < text.size() && text[sign] == '=') return {from, end, sign + 1};
  if (end >= text.size() || text[end] != ':') return {};
  const std::size_t blank = blank_at(text, end + 1);
  return blank ? Head{from, end, end + 1 + blank} : Head{};
}

// A name that begins the line, perhaps behind "export".
Head head_of_line(std::string_view text, std::size_t at) {
  constexpr std::string_view kExport = "export";
  if (text.substr(at).starts_with(kExport) && blank_at(text, at + kExport.size()))
    if (const Head head = head_at(text, behind_blanks(text, at + kExport.size())); head.value) return head;
  return head_at(text, at);
}

// Where the value that begins at `at` ends. Quoted, it may begin on a later line.
std::size_t value_end(std::string_view text, std::size_t at) {
  const std::size_t first = behind_blanks(text, at);
  if (first < text.size() && (text[first] == '"' || text[first] == '\'' || text[first] == '`'))
    if (const std::size_t end = quoted_end(text, first)) return end;
  return std::min(text.find_first_of("#\n", at), text.size());
}

std::string with_plain_lines(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') continue;
    out += text[at] == '\r' ? '\n' : text[at];
  }
  return out;
}
} // namespace

Variables parse_environment(std::string_view given) {
  const std::string all = with_plain_lines(given);
  const std::string_view text = all;
  Variables variables;
  int line = 1;
  std::size_t counted = 0;
  const auto add = [&](std::string_view name, std::string value) {
    const auto known = std::find_if(variables.begin(), variables.end(), [&](const auto& v) { return v.name == name; });
    NamedValue& entry = known == variables.end() ? variables.emplace_back() : *known;
    entry = {std::string(name), std::move(value), line};
  };
  for (std::size_t at = 0; at < text.size();) {
    at = behind_blanks(text, at);
    const Head head = head_of_line(text, at);
    if (head.value) {
      for (; counted < head.from; ++counted) line += text[counted] == '\n';
      const std::size_t end = value_end(text, head.value);
      add(text.substr(head.from, head.end - head.from), value_of(text.substr(head.value, end - head.value)));
      at = end;
    }
    const auto line_end = text.find('\n', at);
    at = line_end == text.npos ? text.size() : line_end + 1;
  }
  return variables;
}

} // namespace config
