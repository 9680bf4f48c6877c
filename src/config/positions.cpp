#include "config/positions.hpp"
#include <algorithm>
#include <cctype>
#include <map>
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

using Kind = Token::Kind;
using Names = std::vector<std::string>;

std::vector<Token> all_tokens(std::string_view text) {
  std::vector<Token> all;
  Tokens tokens(text);
  for (Token token = tokens.next(); token.kind != Kind::end; token = tokens.next()) all.push_back(token);
  return all;
}

void add(Names& names, std::string_view name) {
  if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
}

// Which variables of the environment the expressions of a file are made of.
class Variables {
 public:
  explicit Variables(const std::vector<Token>& tokens) : tokens_(tokens) {
    for (std::size_t at = 0; at < tokens_.size(); ++at) {
      if (is_word(at, "const") || is_word(at, "let") || is_word(at, "var")) {
        if (is_sign(at + 1, "{"))
          unpacked(at + 2);
        else if (is_sign(at + 2, "="))
          constants_[std::string(tokens_[at + 1].text)] = of_value(at + 3);
      }
    }
  }

  // Of the expression that begins there, up to where the statement, the member or the item ends.
  Names of_value(std::size_t at) const {
    Names names;
    int depth = 0;
    for (; at < tokens_.size(); ++at) {
      const Token& token = tokens_[at];
      if (token.kind == Kind::sign) {
        const char c = token.text[0];
        if (c == '(' || c == '[' || c == '{') ++depth;
        if ((c == ')' || c == ']' || c == '}') && --depth < 0) break;
        if (depth == 0 && (c == ',' || c == ';')) break;
      } else if (token.kind == Kind::name) {
        // Statements need no semicolon between them.
        static const std::set<std::string_view> kNext{"const", "let", "var", "module", "exports", "function", "if"};
        if (depth == 0 && kNext.contains(token.text)) break;
        if (is_environment(at))
          add(names, environment_name(at + 3));
        else if (at == 0 || !is_sign(at - 1, "."))
          add_constant(names, token.text);
      } else if (token.kind == Kind::other) {
        within_template(names, token.text);
      }
    }
    return names;
  }

 private:
  bool is_sign(std::size_t at, std::string_view text) const {
    return at < tokens_.size() && tokens_[at].kind == Kind::sign && tokens_[at].text == text;
  }
  bool is_word(std::size_t at, std::string_view text) const {
    return at < tokens_.size() && tokens_[at].kind == Kind::name && tokens_[at].text == text;
  }
  bool is_environment(std::size_t at) const {
    return is_word(at, "process") && is_sign(at + 1, ".") && is_word(at + 2, "env");
  }
  // ".NAME" or "["NAME"]".
  std::string_view environment_name(std::size_t at) const {
    if (is_sign(at, "?")) ++at;
    if (is_sign(at, ".") && at + 1 < tokens_.size() && tokens_[at + 1].kind == Kind::name) return tokens_[at + 1].text;
    if (is_sign(at, "[") && at + 1 < tokens_.size() && tokens_[at + 1].kind == Kind::text) return tokens_[at + 1].text;
    return {};
  }
  void add_constant(Names& names, std::string_view name) const {
    const auto found = constants_.find(name);
    if (found == constants_.end()) return;
    for (const std::string& variable : found->second) add(names, variable);
  }
  // `redis://${process.env.REDIS_HOST}:${PORT}`
  void within_template(Names& names, std::string_view text) const {
    for (auto at = text.find("${"); at != text.npos; at = text.find("${", at + 2)) {
      const std::string_view inside = text.substr(at + 2, text.find('}', at) - at - 2);
      const std::vector<Token> tokens = all_tokens(inside);
      for (const std::string& name : Variables(tokens, constants_).of_value(0)) add(names, name);
    }
  }
  // const { A, B: b = "" } = process.env
  void unpacked(std::size_t at) {
    std::vector<std::pair<std::string_view, std::string_view>> pairs; // the constant, the variable
    for (; at < tokens_.size() && !is_sign(at, "}"); ++at) {
      if (tokens_[at].kind != Kind::name || !(is_sign(at - 1, "{") || is_sign(at - 1, ","))) continue;
      const bool renamed = is_sign(at + 1, ":") && at + 2 < tokens_.size();
      pairs.emplace_back(tokens_[renamed ? at + 2 : at].text, tokens_[at].text);
    }
    if (!is_sign(at + 1, "=") || !is_environment(at + 2)) return;
    for (const auto& [constant, variable] : pairs) constants_[std::string(constant)] = {std::string(variable)};
  }

  using Constants = std::map<std::string, Names, std::less<>>;
  Variables(const std::vector<Token>& tokens, Constants constants)
      : tokens_(tokens), constants_(std::move(constants)) {}
  const std::vector<Token>& tokens_;
  Constants constants_;
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
  const std::vector<Token> tokens = all_tokens(text);
  const Variables variables(tokens);
  std::vector<Open> open;
  std::string pending;      // path of the value that comes
  bool has_pending = false; // there is one
  std::size_t counted = 0;
  int line = 1, column = 1;
  const auto go_to = [&](std::size_t at) {
    for (; counted < at; ++counted) text[counted] == '\n' ? (++line, column = 1) : ++column;
  };
  const auto note = [&](const std::string& key, std::size_t at, Names names) {
    go_to(at);
    entries_.push_back({key, line, column, std::move(names)});
  };
  Token before, before_that;
  const auto is = [](const Token& token, std::string_view sign) {
    return token.kind == Token::Kind::sign && token.text == sign;
  };
  const auto begins_item = [&] { return is(before, "[") || is(before, ","); };
  for (std::size_t index = 0; index < tokens.size(); before_that = before, before = tokens[index], ++index) {
    const Token& token = tokens[index];
    const Token* const next = index + 1 < tokens.size() ? &tokens[index + 1] : nullptr;
    const bool in_list = !open.empty() && open.back().kind == '[';
    const bool in_object = !open.empty() && open.back().kind == '{';
    if (in_list && begins_item() && !is(token, "]")) {
      pending = open.back().path + "[" + std::to_string(open.back().items++) + "]";
      has_pending = true;
      note(pending, token.at, variables.of_value(index));
    }
    if (token.kind == Token::Kind::name || token.kind == Token::Kind::text) {
      if (in_object && (is(before, "{") || is(before, ","))) {
        pending = below(open.back().path, token.text);
        has_pending = true;
        // Of `{ redis_url }` the key is its own value.
        note(pending, token.at, variables.of_value(index + (next && is(*next, ":") ? 2 : 0)));
      } else if (next && is(*next, "=") && !misnamed_ &&
                 ((token.text == "exports" && !is(before, ".")) ||
                  (token.text == "export" && is(before, ".") && before_that.text == "module"))) {
        go_to(token.at);
        misnamed_ = {{{}, line, column},
                     is(before, ".") ? "module." + std::string(token.text) : std::string(token.text)};
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

std::vector<std::string> Positions::variables_of(std::string_view key) const {
  const auto entry =
      std::find_if(entries_.rbegin(), entries_.rend(), [&](const Entry& candidate) { return candidate.key == key; });
  return entry == entries_.rend() ? std::vector<std::string>() : entry->variables;
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
