#include "http/body.hpp"
#include "base/strings.hpp"
#include "http/errors.hpp"
#include "http/response_text.hpp"

namespace http {
namespace {

bool refuse(int status, std::string_view reason, Response& response, std::string_view node_env) {
  answer_page(status, node_env == "production" ? status_text(status) : reason, response);
  return false;
}

// The value of a parameter of Content-Type, without quotes.
std::string_view parameter(std::string_view content_type, std::string_view name) {
  for (auto at = content_type.find(';'); at != std::string_view::npos; at = content_type.find(';', at + 1)) {
    const auto rest = content_type.substr(at + 1);
    const auto part = base::trim(rest.substr(0, rest.find(';')));
    const auto equals = part.find('=');
    if (equals == std::string_view::npos || !base::equal_ignoring_case(base::trim(part.substr(0, equals)), name))
      continue;
    auto value = base::trim(part.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

} // namespace

bool read_body(Request& request, Response& response, std::string_view node_env) {
  request.body = base::Json::object();
  if (request.raw_body.empty() && !request.body_too_large) return true;
  const auto type = request.header("content-type");
  if (!base::equal_ignoring_case(base::trim(type.substr(0, type.find(';'))), "application/json")) return true;
  if (const auto charset = parameter(type, "charset");
      !charset.empty() && !base::equal_ignoring_case(charset, "utf-8") && !base::equal_ignoring_case(charset, "utf8"))
    return refuse(415, "UnsupportedMediaTypeError: unsupported charset \"" + base::upper(charset) + "\"", response,
                  node_env);
  if (const auto encoding = request.header("content-encoding");
      !encoding.empty() && !base::equal_ignoring_case(encoding, "identity"))
    return refuse(415, "UnsupportedMediaTypeError: unsupported content encoding \"" + base::lower(encoding) + "\"",
                  response, node_env);
  if (request.body_too_large) return refuse(413, "PayloadTooLargeError: request entity too large", response, node_env);
  try {
    const auto first = request.raw_body.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || (request.raw_body[first] != '{' && request.raw_body[first] != '['))
      throw base::JsonParseError("Unexpected token in JSON", first == std::string::npos ? 0 : first);
    request.body = base::parse_json(request.raw_body);
  } catch (const base::JsonParseError& failure) {
    return refuse(400, std::string("SyntaxError: ") + failure.what(), response, node_env);
  }
  return true;
}

} // namespace http
