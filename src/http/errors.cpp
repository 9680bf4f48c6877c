#include "http/errors.hpp"
#include "base/json.hpp"
#include "http/response_text.hpp"

namespace http {
namespace {

using base::ErrorType;

struct Reply {
  int status;
  const char* type;
  std::string code;
  std::string message;
};

Reply reply_to(const base::Error& error) {
  const char* type = base::error_type_name(error.type);
  switch (error.type) {
  case ErrorType::conflict:
    if (!error.code.empty() && error.code != "stale_plan") return {409, type, error.code, error.what()};
    return {409, type, "invalid_state_error",
            "The request conflicted with another request. You may retry the request with the provided "
            "Idempotency-Key."};
  case ErrorType::unauthorized: return {401, type, error.code, error.what()};
  case ErrorType::payment_authorization_error: return {422, type, error.code, error.what()};
  case ErrorType::duplicate_error: return {422, type, "invalid_request_error", error.what()};
  case ErrorType::not_allowed:
  case ErrorType::invalid_data: return {400, type, error.code, error.what()};
  // In 1.20 these two are codes of not_allowed.
  case ErrorType::insufficient_inventory:
  case ErrorType::cart_incompatible_state:
    return {400, "not_allowed", error.code.empty() ? type : error.code, error.what()};
  case ErrorType::not_found: return {404, type, error.code, error.what()};
  case ErrorType::db_error: return {500, type, "api_error", error.what()};
  case ErrorType::unexpected_state:
  case ErrorType::invalid_argument: return {500, type, error.code, error.what()};
  case ErrorType::unavailable:
    return {503, type, type, "The server can't reach a service that it depends on. You may retry the request."};
  // Quirk: 1.20 has no status for these.
  case ErrorType::forbidden:
  case ErrorType::unknown_error: break;
  }
  return {500, "unknown_error", "unknown_error", "An unknown error occurred."};
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '"': out += "&quot;"; break;
    case '\'': out += "&#39;"; break;
    case '\n': out += "<br>"; break;
    default: out += c;
    }
}

// The npm module encodeurl: what can't stand in a URL is percent-encoded, existing escapes stay.
std::string encode_url(std::string_view text) {
  constexpr std::string_view kPlain = "!#$%&'()*+,-./:;=?@[]_~";
  constexpr char kHex[] = "0123456789ABCDEF";
  const auto hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); i++) {
    const char c = text[i];
    const bool broken = c == '%' && !(i + 2 < text.size() && hex(text[i + 1]) && hex(text[i + 2]));
    if (!broken && (std::isalnum(static_cast<unsigned char>(c)) || kPlain.find(c) != std::string_view::npos)) {
      out += c;
    } else {
      out += '%';
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[c & 15];
    }
  }
  return out;
}

} // namespace

void answer_error(const base::Error& error, Response& response) {
  const Reply reply = reply_to(error);
  response.status = reply.status;
  response.content_type = "application/json; charset=utf-8";
  response.body.clear();
  base::JsonWriter w(response.body);
  w.open_object();
  if (!reply.code.empty()) w.key("code").string(reply.code);
  w.key("type").string(reply.type).key("message").string(reply.message).close_object();
}

void answer_unknown_error(Response& response) { answer_error(base::Error(ErrorType::unknown_error, ""), response); }

void answer_too_many(std::int64_t seconds, Response& response) {
  const std::string wait = std::to_string(seconds);
  response.status = 429;
  response.set_header("Retry-After", wait);
  response.content_type = "application/json; charset=utf-8";
  response.body.clear();
  base::JsonWriter w(response.body);
  w.open_object().key("type").string("too_many_requests");
  w.key("message").string("Too many failed attempts. Try again in " + wait + (seconds == 1 ? " second." : " seconds."));
  w.close_object();
}

void answer_errors(const std::vector<std::string>& errors, Response& response) {
  response.status = 400;
  response.content_type = "application/json; charset=utf-8";
  response.body.clear();
  base::JsonWriter w(response.body);
  w.open_object().key("errors").open_array();
  for (const auto& error : errors) w.string(error);
  w.close_array();
  w.key("message").string("Provided request body contains errors. Please check the data and retry the request");
  w.close_object();
}

void answer_status(int status, Response& response) {
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = status_text(status);
}

void answer_page(int status, std::string_view message, Response& response) {
  response.status = status;
  response.tagged = false;
  response.set_header("Content-Security-Policy", "default-src 'none'");
  response.set_header("X-Content-Type-Options", "nosniff");
  response.content_type = "text/html; charset=utf-8";
  response.body = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n"
                  "</head>\n<body>\n<pre>";
  append_escaped(response.body, message);
  response.body += "</pre>\n</body>\n</html>\n";
}

void answer_no_route(const Request& request, Response& response) {
  answer_page(404, "Cannot " + request.method_text + " " + encode_url(request.path), response);
}

} // namespace http
