#include "http/request_id.hpp"
#include "base/ids.hpp"
#include <algorithm>

namespace http {
namespace {

// "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01": version, trace, parent, flags; later versions may say more behind.
std::string_view trace_of(std::string_view traceparent) {
  constexpr std::size_t kTrace = 3, kTraceDigits = 32, kLength = 55;
  if (traceparent.size() < kLength || traceparent[2] != '-' || traceparent[35] != '-' || traceparent[52] != '-')
    return {};
  if (traceparent.starts_with("ff") || (traceparent.size() > kLength && traceparent[kLength] != '-')) return {};
  const auto trace = traceparent.substr(kTrace, kTraceDigits);
  const bool digits = trace.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return digits && trace.find_first_not_of('0') != std::string_view::npos ? trace : std::string_view{};
}

} // namespace

std::string request_id(std::string_view traceparent, std::string_view x_request_id) {
  constexpr std::size_t kMost = 128;
  if (const auto trace = trace_of(traceparent); !trace.empty()) return std::string(trace);
  std::string id(x_request_id.substr(0, kMost));
  std::erase_if(id, [](char c) { return c < ' ' || c > '~'; });
  return id.empty() ? base::uuid() : id;
}

} // namespace http
