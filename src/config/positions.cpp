#include "config/positions.hpp"
#include <cctype>
#include <set>

namespace config {
namespace {

bool begins_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '$' || (c & 0x80); }
bool in_name(char c) { return begins_name(c) || std::isdigit(static_cast<unsigned char>(c)); }

struct Token {
  enum class Kind { name, text, other, sign, end } kind = Kind::end;
  std::string_view text; // of a text: what stands between its quotes
  std::size_t at = 0;
};

// JavaScript as far as a search for keys needs it: comments and blanks are skipped, templates and patterns are one token.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  Token next() {
    skip_blanks();
    if (at_ >= text_.size()) return {Token::Kind::end, {}, text_.size()};
    const auto from = at_;
    const char c = text_[at_];
    Token token{Token::Kind::sign, {}, from};
    if (c == '"' || c == '\'' || c == '`') {
      skip_quoted(c);
      token = {c == '`' ? Token::Kind::other : Token::Kind::text, inside(from), from};
    } else if (begins_name(c)) {
      while (at_ < text_.size() && in_name(text_[at_])) ++at_;
      token = {Token::Kind::name, text_.substr(from, at_ - from), from};
    } else if (std::isdigit(static_cast<unsigned char>(c))) {
      while (at_ < text_.size() && (in_name(text_[at_]) || text_[at_] == '.')) ++at_;
      token = {Token::Kind::other, text_.substr(from, at_ - from), from};
    } else if (c == '/' && !value_before_) {
      skip_pattern();
      token = {Token::Kind::other, {}, from};
    } else {
      at_ += text_.substr(at_).starts_with("=>") || text_.substr(at_).starts_with("==") ? 2 : 1;
      token.text = text_.substr(from, at_ - from);
    }
    static const std::set<std::string_view> kWords{"return", "typeof", "case", "in", "of", "void", "delete", "new"};
    value_before_ = token.kind != Token::Kind::sign ? !kWords.contains(token.text)
                                                    : token.text == ")" || token.text == "]" || token.text == "}";
    return token;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size()) {
      if (std::isspace(static_cast<unsigned char>(text_[at_])))
        ++at_;
      else if (text_.substr(at_).starts_with("//"))
        at_ = std::min(text_.find('\n', at_), text_.size());
      else if (text_.substr(at_).starts_with("/*"))
        at_ = text_.find("*/", at_ + 2) == text_.npos ? text_.size() : text_.find("*/", at_ + 2) + 2;
      else
        return;
    }
  }
  void skip_quoted(char quote) {
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_)
      if (text_[at_] == '\\') ++at_;
    at_ = std::min(at_ + 1, text_.size());
  }
  void skip_pattern() {
    bool in_class = false;
    for (++at_; at_ < text_.size() && text_[at_] != '\n' && (in_class || text_[at_] != '/'); ++at_) {
      if (text_[at_] == '\\')
        ++at_;
      else
        in_class = text_[at_] == '[' || (in_class && text_[at_] != ']');
    }
    at_ = std::min(at_ + 1, text_.size());
    while (at_ < text_.size() && in_name(text_[at_])) ++at_;
  }
  std::string_view inside(std::size_t from) const {
    return at_ - from < 2 ? "" : text_.substr(from + 1, at_ - from - 2);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool value_before_ = false; // so that a slash divides
};

struct Open {
  char kind;        // '{' of an object, '[', 'b' for a block, '('
  std::string path; // of an object or a list
  int items = 0;
};

// The object that a file exports is called by none of these names.
std::string root_or(std::string_view name) {
  return name == "exports" || name == "default" || name == "config" ? std::string() : std::string(name);
}
std::string below(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + "." + std::string(name);
}
} // namespace

Positions::Positions(std::string_view text) {
  Tokens tokens(text);
  std::vector<Open> open;
  std::string pending;      // path of the value that comes
  bool has_pending = false; // there is one
  std::size_t counted = 0;
  int line = 1, column = 1;
  const auto note = [&](const std::string& key, std::size_t at) {
    for (; counted < at; ++counted) text[counted] == '\n' ? (++line, column = 1) : ++column;
    entries_.push_back({key, line, column});
  };
  Token before, before_that;
  const auto is = [](const Token& token, std::string_view sign) {
    return token.kind == Token::Kind::sign && token.text == sign;
  };
  const auto begins_item = [&] { return is(before, "[") || is(before, ","); };
  for (Token token = tokens.next(); token.kind != Token::Kind::end;
       before_that = before, before = token, token = tokens.next()) {
    const bool in_list = !open.empty() && open.back().kind == '[';
    const bool in_object = !open.empty() && open.back().kind == '{';
    if (in_list && begins_item() && !is(token, "]")) {
      pending = open.back().path + "[" + std::to_string(open.back().items++) + "]";
      has_pending = true;
      note(pending, token.at);
    }
    if (token.kind == Token::Kind::name || token.kind == Token::Kind::text) {
      if (in_object && (is(before, "{") || is(before, ","))) {
        pending = below(open.back().path, token.text);
        has_pending = true;
        note(pending, token.at);
      }
      continue;
    }
    if (token.kind != Token::Kind::sign) continue;
    const char c = token.text[0];
    if (c == '.' && in_object && (is(before, "{") || is(before, ","))) { // "...(wanted ? { redis_url } : {})"
      pending = open.back().path;
      has_pending = true;
    }
    if (token.text == "=" && !in_object && before.kind == Token::Kind::name) {
      pending = root_or(before.text);
      has_pending = true;
    } else if (c == '{' || c == '[') {
      const bool returned = before.kind == Token::Kind::name && (before.text == "return" || before.text == "default");
      // An exported or returned object, the one in "=> ({", or that of a key; else a block, or an object nobody names.
      const bool value = begins_item() || (before.kind == Token::Kind::sign &&
                                           std::string_view("=:?|&(.").find(before.text) != std::string_view::npos);
      const bool whole = open.empty() && before.kind == Token::Kind::end;
      const bool arrow = is(before, "(") && is(before_that, "=>");
      if (returned || whole || arrow)
        open.push_back({c, {}});
      else if (value && has_pending)
        open.push_back({c, pending});
      else
        open.push_back({c == '{' ? 'b' : '(', {}});
    } else if (c == '(') {
      open.push_back({'(', {}});
    } else if (c == '}' || c == ']' || c == ')') {
      if (!open.empty()) open.pop_back();
    } else if (c == ',' || c == ';') {
      has_pending = false;
    }
  }
}

Place Positions::of(std::string_view key) const {
  while (!key.empty()) {
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry)
      if (entry->key == key) return {{}, entry->line, entry->column};
    const auto end = key.find_last_of(".[");
    key = end == key.npos ? std::string_view() : key.substr(0, end);
  }
  return {};
}

} // namespace config
