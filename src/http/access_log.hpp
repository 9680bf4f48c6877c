// The access log on standard output: in morgan's `combined` format, as programs read it, or on a terminal a short line with the
// status and how long it took. One per thread: lines are gathered and written together at least once a second, at once on a terminal.
#pragma once
#include "http/http.hpp"
#include <chrono>
#include <string>
#include <string_view>

namespace http {

class AccessLog {
 public:
  using Clock = std::chrono::steady_clock;
  AccessLog();
  ~AccessLog();
  // `began`: when the request had arrived.
  void add(const Request& request, const Response& response, Clock::time_point began);
  void flush();

 private:
  std::string lines_;
  bool terminal_;
  std::int64_t second_ = 0;
  std::string date_; // of that second
};

// One line, without its end.
std::string access_line(const Request& request, const Response& response, std::string_view date);
// The one for people: "14:05:09.123 GET     /store/products  200  3.2 ms  12.3 kB".
std::string short_access_line(const Request& request, const Response& response, AccessLog::Clock::duration took);
// "24/Nov/2026:04:22:19 +0000".
std::string log_date(std::int64_t unix_seconds);

} // namespace http
