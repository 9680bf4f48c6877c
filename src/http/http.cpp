#include "http/http.hpp"
#include "base/strings.hpp"
#include <stdexcept>

namespace http {

std::string_view method_name(Method method) {
  switch (method) {
  case Method::get: return "GET";
  case Method::head: return "HEAD";
  case Method::post: return "POST";
  case Method::put: return "PUT";
  case Method::patch: return "PATCH";
  case Method::del: return "DELETE";
  case Method::options: return "OPTIONS";
  case Method::other: break;
  }
  return "";
}

std::string_view Request::header(std::string_view name) const {
  for (const auto& header : headers)
    if (header.name.size() == name.size() && base::equal_ignoring_case(header.name, name)) return header.value;
  return {};
}

const std::string& Request::param(std::string_view name) const {
  for (const auto& [key, value] : params)
    if (key == name) return value;
  throw std::logic_error("the route has no parameter :" + std::string(name));
}

void Response::set_header(std::string_view name, std::string value) {
  for (auto& header : headers)
    if (base::equal_ignoring_case(header.name, name)) {
      header.value = std::move(value);
      return;
    }
  headers.push_back({std::string(name), std::move(value)});
}

} // namespace http
