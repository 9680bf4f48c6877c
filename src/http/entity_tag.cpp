#include "http/entity_tag.hpp"
#include "base/strings.hpp"
#include "http/crypto.hpp"
#include <charconv>

namespace http {
namespace {

// /(?:^|,)\s*?no-cache\s*?(?:,|$)/
bool says_no_cache(std::string_view header) {
  for (const auto& part : base::split(header, ','))
    if (base::trim(part) == "no-cache") return true;
  return false;
}

} // namespace

std::string entity_tag(std::string_view body) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, body.size(), 16).ptr;
  return "W/\"" + std::string(digits, end) + "-" + base64(sha1(body)).substr(0, 27) + "\"";
}

bool is_fresh(const Request& request, std::string_view tag) {
  const auto known = request.header("if-none-match");
  // Without a Last-Modified of ours, If-Modified-Since never helps.
  if (known.empty() || !request.header("if-modified-since").empty()) return false;
  if (says_no_cache(request.header("cache-control"))) return false;
  if (known == "*") return true;
  const auto opaque = [](std::string_view text) { return text.starts_with("W/") ? text.substr(2) : text; };
  for (const auto& candidate : base::split(known, ','))
    if (opaque(base::trim(candidate)) == opaque(tag)) return true;
  return false;
}

void tag(const Request& request, Response& response) {
  if (response.etag.empty()) response.etag = entity_tag(response.body);
  const bool reads = request.method == Method::get || request.method == Method::head;
  if (reads && response.status >= 200 && response.status < 300 && is_fresh(request, response.etag)) {
    response.status = 304;
    response.body.clear();
  }
}

} // namespace http
