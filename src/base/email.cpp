#include "base/email.hpp"
#include "base/strings.hpp"
#include <string>
#include <vector>

namespace base {
namespace {

// Code points; the caller has checked that the text is UTF-8.
std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> out;
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i++]);
    const int more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
    char32_t code = more == 0 ? c : c & (0x3f >> more);
    for (int k = 0; k < more; k++) code = code << 6 | (static_cast<unsigned char>(text[i++]) & 0x3f);
    out.push_back(code);
  }
  return out;
}

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
// \u00A1-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF
bool is_wide(char32_t c) {
  return (c >= 0xa1 && c <= 0xd7ff) || (c >= 0xf900 && c <= 0xfdcf) || (c >= 0xfdf0 && c <= 0xffef);
}
bool is_space(char32_t c) {
  return (c >= 9 && c <= 13) || c == ' ' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
         c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}

bool is_label(std::string_view text) {
  if (text.empty()) return false;
  const auto label = code_points(text);
  if (label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
  for (const auto c : label) {
    if (c >= 0xff01 && c <= 0xff5e) return false; // full width
    if (!is_letter(c) && !is_digit(c) && c != '-' && !(c >= 0xa1 && c <= 0xffff)) return false;
  }
  return true;
}

bool is_top_level(std::string_view text) {
  const auto label = code_points(text);
  if (label.size() < 2) return false;
  bool plain = true, numeric = true;
  for (const auto c : label) {
    plain = plain && (is_letter(c) || (is_wide(c) && c != 0xa9));
    numeric = numeric && is_digit(c);
  }
  return !numeric && (plain || (lower(text).starts_with("xn") && label.size() >= 4));
}

bool is_domain(std::string_view text) {
  const auto labels = split(text, '.');
  if (labels.size() < 2 || !is_top_level(labels.back())) return false;
  for (const auto& label : labels)
    if (!is_label(label)) return false;
  return true;
}

bool is_quoted_user(std::string_view text) {
  const auto inside = code_points(text);
  for (std::size_t i = 0; i < inside.size(); i++) {
    const auto c = inside[i];
    if (c == '\\' && i + 1 < inside.size() && inside[i + 1] != 0) {
      i++;
      continue;
    }
    if (c == 0 || c == '"' || c == '\\') return false;
  }
  return true;
}

bool is_user(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-/=?^_`{|}~";
  for (const auto& part : split(text, '.')) {
    if (part.empty()) return false;
    for (const auto c : code_points(part))
      if (!is_letter(c) && !is_digit(c) && !is_wide(c) &&
          (c > 127 || kMarks.find(static_cast<char>(c)) == std::string_view::npos))
        return false;
  }
  return true;
}

} // namespace

bool is_email(std::string_view text) {
  if (!valid_utf8(text) || text.size() > 4 * 254 || code_points(text).size() > 254) return false;
  for (const auto c : code_points(text.substr(text.find('@') == std::string_view::npos ? 0 : text.rfind('@'))))
    if (is_space(c)) return false;
  const auto at = text.rfind('@');
  if (at == std::string_view::npos) return false;
  const auto user = text.substr(0, at), domain = text.substr(at + 1);
  if (user.size() > 64 || domain.size() > 254 || !is_domain(domain)) return false;
  if (user.size() >= 2 && user.front() == '"' && user.back() == '"')
    return is_quoted_user(user.substr(1, user.size() - 2));
  return is_user(user);
}

} // namespace base
