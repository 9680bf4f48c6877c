// The access log on standard output, in morgan's `combined` format. One per thread: lines are gathered and written
// together at least once a second, at once on a terminal.
#pragma once
#include "http/http.hpp"
#include <string>
#include <string_view>

namespace http {

class AccessLog {
 public:
  AccessLog();
  ~AccessLog();
  void add(const Request& request, const Response& response);
  void flush();

 private:
  std::string lines_;
  bool terminal_;
  std::int64_t second_ = 0;
  std::string date_; // of that second
};

// One line, without its end.
std::string access_line(const Request& request, const Response& response, std::string_view date);
// "24/Nov/2026:04:22:19 +0000".
std::string log_date(std::int64_t unix_seconds);

} // namespace http
