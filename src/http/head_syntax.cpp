#include "http/head_syntax.hpp"
#include "base/strings.hpp"
#include <algorithm>
#include <array>
#include <cctype>

namespace http {
namespace {

// "name: value", without its end. llhttp here is older than Node 20's, which takes no blank in a name, no name without a
// letter and no line that continues the one before it.
bool proper_field(std::string_view line) {
  const auto name = line.substr(0, line.find(':')), value = line.substr(name.size());
  return !name.empty() && !value.empty() && std::all_of(name.begin(), name.end(), token_character) &&
         std::all_of(value.begin(), value.end(), text_character);
}

} // namespace

bool kept_once(std::string_view name) {
  constexpr std::array<std::string_view, 20> kOnce{
      "age",           "authorization", "content-length", "content-type",        "etag",
      "expires",       "from",          "host",           "if-modified-since",   "if-unmodified-since",
      "last-modified", "location",      "max-forwards",   "proxy-authorization", "referer",
      "retry-after",   "server",        "user-agent",     "set-cookie",          "upgrade"};
  for (const auto once : kOnce)
    if (base::equal_ignoring_case(once, name)) return true;
  return false;
}

bool lines_end_properly(std::string_view text) {
  for (std::size_t at = 0; (at = text.find_first_of("\r\n", at)) != std::string_view::npos; at += 2)
    if (text[at] != '\r' || at + 1 == text.size() || text[at + 1] != '\n') return false;
  return true;
}

bool token_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
bool text_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '\t' || (byte >= 0x20 && byte != 0x7f);
}

bool proper_fields(std::string_view head) {
  for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
    const auto end = head.find("\r\n", at);
    if (!proper_field(head.substr(at, end - at))) return false;
    at = end + 2;
  }
  return true;
}

bool proper_trailer(std::string_view line) {
  const auto name = line.substr(0, line.find(':'));
  return proper_field(line) && !base::equal_ignoring_case(name, "content-length") &&
         !base::equal_ignoring_case(name, "transfer-encoding");
}

bool may_be_http(std::string_view head) {
  const auto end = head.find('\n');
  const auto line = head.substr(0, end);
  const auto method = line.substr(0, line.find(' '));
  const auto capital = [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; };
  if (method.size() > kLongestMethod || !std::all_of(method.begin(), method.end(), capital)) return false;
  return end == std::string_view::npos || line.ends_with(" HTTP/1.1\r") || line.ends_with(" HTTP/1.0\r");
}

bool proper_target(std::string_view target) {
  return base::valid_utf8(target) &&
         std::none_of(target.begin(), target.end(), [](char c) { return c == '\t' || c == ' ' || !text_character(c); });
}

void trim_end(std::string& value) {
  const auto last = value.find_last_not_of(" \t");
  value.erase(last == std::string::npos ? 0 : last + 1);
}

// Node's pattern for what waits for "100 Continue": /(?:^|\W)100-continue(?:$|\W)/i.
bool asks_to_continue(std::string_view expect) {
  constexpr std::string_view kWord = "100-continue";
  const auto within_word = [&](std::size_t at) {
    return at < expect.size() && (std::isalnum(static_cast<unsigned char>(expect[at])) || expect[at] == '_');
  };
  for (std::size_t at = 0; at + kWord.size() <= expect.size(); at++)
    if (base::equal_ignoring_case(expect.substr(at, kWord.size()), kWord) && !within_word(at - 1) &&
        !within_word(at + kWord.size()))
      return true;
  return false;
}

void latin1_to_utf8(std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xc0 | byte >> 6);
      out += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  text = std::move(out);
}

} // namespace http
