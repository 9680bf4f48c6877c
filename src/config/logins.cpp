#include "config/logins.hpp"
#include "base/strings.hpp"
#include <algorithm>

namespace config {
namespace {

constexpr std::string_view kCovered = "***";
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", kDigits = "0123456789";

bool consists_of(std::string_view text, std::string_view more) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return kLetters.find(c) != kLetters.npos || kDigits.find(c) != kDigits.npos || more.find(c) != more.npos;
  });
}

// A name or an address, and perhaps a number behind a colon.
bool is_host(std::string_view text) {
  const bool bracketed = text.starts_with('[') && text.find(']') != text.npos;
  const auto colon = text.find(':', bracketed ? text.find(']') : 0);
  const std::string_view name = bracketed ? text.substr(1, text.find(']') - 1) : text.substr(0, colon);
  const std::string_view port = colon == text.npos ? std::string_view() : text.substr(colon + 1);
  return consists_of(name, bracketed ? ".:%" : "._-%") && port.find_first_not_of(kDigits) == port.npos;
}

// libpq allows several.
bool are_hosts(std::string_view text) {
  const auto hosts = base::split(text, ',');
  return std::all_of(hosts.begin(), hosts.end(), is_host);
}
} // namespace

bool cuts_login(std::string_view text, std::span<const std::string_view> options) {
  const auto end = text.find_first_of("/?#");
  if (end == text.npos || text.find('@', end) == text.npos) return false;
  text.remove_prefix(end);
  const auto fragment = std::min(text.find('#'), text.size());
  const auto question = std::min(text.find('?'), fragment);
  if (text.substr(0, question).find('@') != text.npos || text.find('@', fragment) != text.npos) return true;
  const auto pairs = base::split(text.substr(question, fragment - question), '&');
  return std::any_of(pairs.begin(), pairs.end(), [&](std::string_view pair) {
    if (pair.find('@') == pair.npos) return false;
    if (pair.starts_with('?')) pair.remove_prefix(1);
    return std::find(options.begin(), options.end(), pair.substr(0, pair.find('='))) == options.end();
  });
}

std::string covered_url(std::string_view url) {
  const auto scheme = url.find("://");
  constexpr std::string_view kSchemes[] = {"postgres", "postgresql", "redis", "rediss",
                                           "http",     "https",      "mysql", "mongodb"};
  if (scheme == url.npos ||
      std::find(std::begin(kSchemes), std::end(kSchemes), url.substr(0, scheme)) == std::end(kSchemes))
    return std::string(kCovered);
  // A password may hold any character, so that the last @ counts, also one behind what looks like a question mark.
  const auto at = url.rfind('@');
  const bool login = at != url.npos && at > scheme;
  const std::string_view rest = url.substr(login ? at + 1 : scheme + 3);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  const auto more = rest.find_first_of("?#");
  const std::string_view path = rest.substr(0, more).substr(host.size());
  std::string shown(url.substr(0, scheme + 3));
  if (login) shown.append(kCovered).append("@");
  shown.append(are_hosts(host) ? host : kCovered).append(path);
  return more == rest.npos ? shown : shown.append("?").append(kCovered);
}

std::string without_logins(std::string_view text) {
  std::string shown;
  for (auto scheme = text.find("://"); scheme != text.npos; scheme = text.find("://")) {
    scheme += 3;
    const std::string_view url = text.substr(0, std::min(text.find_first_of(" \t\r\n", scheme), text.size()));
    const auto at = url.rfind('@');
    shown.append(text.substr(0, scheme));
    if (at != url.npos && at >= scheme) shown.append(kCovered);
    text.remove_prefix(at != url.npos && at >= scheme ? at : scheme);
  }
  return shown.append(text);
}

} // namespace config
