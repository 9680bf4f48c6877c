#include "config/origins.hpp"
#include "base/json_text.hpp"
#include "base/strings.hpp"
#include <algorithm>

namespace config {
namespace {
using base::Json;

// Of JavaScript's flags: s, m, i and u say how is matched; y, that the match begins where the text does. g means nothing to
// a test that keeps nothing in mind, and d nothing to one that asks for no places.
std::string meaningful(std::string_view flags) {
  std::string kept;
  for (const char flag : flags)
    if (flag != 'g' && flag != 'd') kept += flag;
  return kept;
}

// Medusa 1.20: parse-cors-origins.ts, build-regexp-if-valid.ts: a delimiter, a body, the delimiter again, flags.
std::optional<Origin> as_pattern(std::string_view text) {
  constexpr std::string_view kDelimiters = "/~@;%#'", kFlags = "gimsuy";
  if (text.size() < 2 || kDelimiters.find(text[0]) == text.npos) return {};
  for (auto end = text.find(text[0], 1); end != text.npos; end = text.find(text[0], end + 1)) {
    const std::string_view flags = text.substr(end + 1), body = text.substr(1, end - 1);
    if (flags.find_first_not_of(kFlags) != flags.npos) continue;
    if (body.find('\n') != body.npos) return {};
    return Origin{std::string(text), std::string(body), meaningful(flags)};
  }
  return {};
}

Origin origin_of(std::string_view text) {
  if (auto pattern = as_pattern(text)) return *pattern;
  return {std::string(text), {}, {}};
}

// A RegExp of the file, as its evaluation hands it over.
Origin of_object(const Json& pattern) {
  const std::string flags = base::text_of(pattern["flags"]);
  const std::string text = "/" + pattern["source"].as_string() + "/" + flags;
  if (flags.find('v') != flags.npos)
    throw ConfigError("the pattern " + text + " has the flag v, which is not supported; write it with u");
  return {text, pattern["source"].as_string(), meaningful(flags)};
}

// Whether the piece is the beginning of a pattern that goes on behind the commas: "/a{1" of "/a{1,2}\.com$/".
bool is_cut(const std::vector<std::string>& pieces, std::size_t at) {
  if (!base::trim(pieces[at]).starts_with('/')) return false;
  std::string whole(base::trim(pieces[at]));
  for (std::size_t next = at + 1; next < pieces.size(); ++next)
    if (as_pattern(whole += "," + std::string(base::trim(pieces[next])))) return true;
  return false;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\^$.|?*+()[]{}/").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

Remark remark(const std::string& text, const std::string& nearest = {}) {
  Remark remark(text + (nearest.empty() ? "" : " (did you mean " + nearest + "?)"));
  remark.nearest = nearest;
  return remark;
}

// "a.example.com", "localhost:8000": http for this machine, https for others.
std::string with_scheme(const std::string& text) {
  const bool here = text.starts_with("localhost") || text.starts_with("127.") || text.starts_with("[::1]");
  return (here ? "http://" : "https://") + text;
}

std::optional<Remark> without_scheme(const std::string& text) {
  if (text == "null") return {}; // what browsers send for files and sandboxed frames
  if (text == "*")
    return remark("is no wildcard; a pattern for every origin is /./, which lets any page act for its visitors");
  if (text.starts_with('.') || text.starts_with("*."))
    return remark("stands for no other host; for all below it a pattern is needed",
                  "/" + escaped(text.substr(text.find('.'))) + "$/");
  if (text.starts_with('/'))
    return remark("is no pattern, since it does not end with a slash and flags among gimsuy; it counts as a text");
  return remark("has no scheme", with_scheme(text));
}

std::optional<Remark> of_address(const std::string& text) {
  const auto colon = text.find("://");
  const std::string scheme = base::lower(text.substr(0, colon)), rest = text.substr(colon + 3);
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  const std::string host = rest.substr(0, end), origin = scheme + "://" + host;
  const bool web = scheme == "http" || scheme == "https";
  if (rest.find('*') != rest.npos) {
    std::string pattern;
    for (const std::string& part : base::split(host, '*')) pattern += (pattern.empty() ? "" : "[^.]+") + escaped(part);
    return remark("has a *, which is no wildcard; for many hosts a pattern is needed",
                  "/^" + escaped(scheme + "://") + (host.starts_with('*') ? "[^.]+" : "") + pattern + "$/");
  }
  if (web && host.empty()) return remark("names no host");
  if (end < rest.size())
    return remark(
        rest.substr(end) == "/" ? "ends with a slash, which no origin has" : "has a path, which no origin has", origin);
  if (rest.find('@') != rest.npos) return remark("has a login, which no origin has");
  if (base::lower(text) != text) return remark("has capitals, which browsers never send", base::lower(origin));
  if ((scheme == "http" && host.ends_with(":80")) || (scheme == "https" && host.ends_with(":443")))
    return remark("names the port that its scheme has anyway, which browsers leave out",
                  origin.substr(0, origin.rfind(':')));
  if (std::any_of(host.begin(), host.end(), [](char c) { return (c & 0x80) != 0; }))
    return remark("has letters that browsers send in Punycode (xn--...)");
  return {};
}
} // namespace

Origins parse_origins(const Json& value) {
  Origins origins;
  const auto add = [&](std::string_view item) {
    if (const std::string_view text = base::trim(item); !text.empty()) origins.push_back(origin_of(text));
  };
  if (value["$type"] == Json("RegExp")) {
    origins.push_back(of_object(value));
  } else if (value.is_array()) {
    for (const Json& item : value.as_array())
      if (item.is_string())
        add(item.as_string());
      else
        origins.push_back(of_object(item));
  } else {
    const auto pieces = base::split(value.as_string(), ',');
    for (std::size_t at = 0; at < pieces.size(); ++at) {
      if (!as_pattern(base::trim(pieces[at])) && is_cut(pieces, at))
        throw ConfigError("the pattern " + std::string(base::trim(pieces[at])) +
                          " has no end: a comma always separates origins; give a list instead of a text when a "
                          "pattern contains one");
      add(pieces[at]);
    }
  }
  return origins;
}

std::optional<Remark> never_matches(const Origin& origin) {
  const std::string& text = origin.text;
  if (origin.is_pattern()) return {};
  if (text.find("undefined") != text.npos) return remark("has the word \"undefined\" where something is not set");
  if (text.find_first_of(" \t\r\n;") != text.npos)
    return remark("has blanks or semicolons in it: origins are separated by commas");
  if (text.find(',') != text.npos) return remark("has a comma in it: each item of a list is one origin");
  if (const auto quote = text.find_first_of("\"'`"); quote != text.npos) {
    std::string bare = text;
    std::erase_if(bare, [](char c) { return c == '"' || c == '\'' || c == '`'; });
    return remark("has quotes in it", bare);
  }
  return text.find("://") == text.npos ? without_scheme(text) : of_address(text);
}

} // namespace config
