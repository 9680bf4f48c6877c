#include "http/response_text.hpp"
#include <array>
#include <charconv>
#include <utility>

namespace http {
namespace {

void append_number(std::string& out, std::size_t value, int base) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value, base).ptr);
}

// A line break in a value would let its author write headers of their own.
void append_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  if (value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos) {
    out += value;
  } else {
    for (const char c : value) out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
  }
  out += "\r\n";
}

} // namespace

std::string_view status_text(int status) {
  constexpr std::array<std::pair<int, std::string_view>, 41> kTexts{{
      {100, "Continue"},
      {101, "Switching Protocols"},
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {206, "Partial Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {402, "Payment Required"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {412, "Precondition Failed"},
      {413, "Payload Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {416, "Range Not Satisfiable"},
      {417, "Expectation Failed"},
      {418, "I'm a Teapot"},
      {421, "Misdirected Request"},
      {422, "Unprocessable Entity"},
      {423, "Locked"},
      {428, "Precondition Required"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
  }};
  for (const auto& [number, text] : kTexts)
    if (number == status) return text;
  return "unknown";
}

bool sends_body(const Response& response, Method method) {
  return method != Method::head && response.status != 204 && response.status != 304 && response.status >= 200;
}

void append_head(std::string& out, const Response& response, Method method, int minor_version, Persistence persistence,
                 std::string_view date) {
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(response.status), 10);
  out += ' ';
  out += status_text(response.status);
  out += "\r\nX-Powered-By: Express\r\n";
  for (const auto& header : response.headers) append_header(out, header.name, header.value);
  const bool described = response.status != 204 && response.status != 304;
  if (described && !response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
  if (described && response.framing == Response::Framing::length) {
    out += "Content-Length: ";
    append_number(out, response.length(), 10);
    out += "\r\n";
  }
  if (!response.etag.empty()) append_header(out, "ETag", response.etag);
  for (const auto& header : response.late_headers) append_header(out, header.name, header.value);
  for (const auto& cookie : response.cookies) append_header(out, "Set-Cookie", cookie);
  out += "Date: ";
  out += date;
  out += persistence == Persistence::keep_alive ? "\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n"
                                                : "\r\nConnection: close\r\n";
  const bool chunked = response.framing == Response::Framing::chunked && minor_version > 0 && described;
  if (chunked && method != Method::head) out += "Transfer-Encoding: chunked\r\n";
  out += "\r\n";
  if (chunked && sends_body(response, method)) {
    append_number(out, response.body.size(), 16);
    out += "\r\n";
    out += response.body;
    out += "\r\n0\r\n\r\n";
  }
}

std::string bare_refusal(int status) {
  return "HTTP/1.1 " + std::to_string(status) + " " + std::string(status_text(status)) +
         "\r\nConnection: close\r\n\r\n";
}

} // namespace http
