#include "http/entity_tag.hpp"
#include "base/digest.hpp"
#include "base/strings.hpp"
#include "base/time.hpp"
#include <charconv>

namespace http {
namespace {

// /(?:^|,)\s*?no-cache\s*?(?:,|$)/
bool says_no_cache(std::string_view header) {
  for (const auto& part : base::split(header, ','))
    if (base::trim(part) == "no-cache") return true;
  return false;
}

bool names(std::string_view list, std::string_view tag) {
  const auto opaque = [](std::string_view text) { return text.starts_with("W/") ? text.substr(2) : text; };
  for (const auto& candidate : base::split(list, ','))
    if (opaque(base::trim(candidate)) == opaque(tag)) return true;
  return false;
}

} // namespace

std::string entity_tag(std::string_view body) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, body.size(), 16).ptr;
  return "W/\"" + std::string(digits, end) + "-" + base::base64(base::sha1(body)).substr(0, 27) + "\"";
}

bool is_fresh(const Request& request, std::string_view tag, std::string_view last_modified) {
  const auto known = request.header("if-none-match"), since = request.header("if-modified-since");
  if (known.empty() && since.empty()) return false;
  if (says_no_cache(request.header("cache-control"))) return false;
  if (!known.empty() && known != "*" && !names(known, tag)) return false;
  if (since.empty()) return true;
  const auto ours = base::parse_http_date(last_modified), theirs = base::parse_http_date(since);
  return ours && theirs && *ours <= *theirs;
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
