#include "http/access_log.hpp"
#include "base/log.hpp"
#include "base/terminal.hpp"
#include "base/time.hpp"
#include "http/auth.hpp"
#include <ctime>

namespace http {
namespace {
constexpr std::size_t kGather = 32 * 1024;
}

AccessLog::AccessLog() : terminal_(base::on_terminal()) {}
AccessLog::~AccessLog() { flush(); }

void AccessLog::add(const Request& request, const Response& response, Clock::time_point began) {
  if (terminal_) return base::log_line(short_access_line(request, response, Clock::now() - began));
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(base::now().time_since_epoch()).count();
  if (second != second_) {
    second_ = second;
    date_ = log_date(second);
  }
  if (!lines_.empty()) lines_ += '\n';
  lines_ += access_line(request, response, date_);
  if (lines_.size() > kGather) flush();
}

void AccessLog::flush() {
  if (lines_.empty()) return;
  base::log_line(lines_);
  lines_.clear();
}

std::string access_line(const Request& request, const Response& response, std::string_view date) {
  const auto or_dash = [](std::string_view text) { return text.empty() ? std::string_view("-") : text; };
  std::string line;
  line.reserve(256);
  line += or_dash(nearest_address(request));
  line += " - - [";
  line += date;
  line += "] \"";
  line += request.method_text;
  line += ' ';
  line += request.target;
  line += request.minor_version ? " HTTP/1.1\" " : " HTTP/1.0\" ";
  line += std::to_string(response.status);
  line += ' ';
  const bool has_length =
      response.framing == Response::Framing::length && response.status != 304 && response.status != 204;
  line += has_length ? std::to_string(response.length()) : response.status == 204 ? "0" : "-";
  line += " \"";
  line += or_dash(request.header("referer"));
  line += "\" \"";
  line += or_dash(request.header("user-agent"));
  line += '"';
  return line;
}

std::string short_access_line(const Request& request, const Response& response, AccessLog::Clock::duration took) {
  using base::Colour;
  const int hundreds = response.status / 100;
  const Colour colour = hundreds == 2   ? Colour::green
                        : hundreds == 3 ? Colour::cyan
                        : hundreds == 4 ? Colour::yellow
                                        : Colour::red;
  std::string method = request.method_text;
  if (method.size() < 7) method.resize(7, ' ');
  std::string line = base::painted(Colour::faint, base::clock_text()) + ' ' + base::painted(Colour::bold, method) + ' ';
  // A client's own text may hold what moves a terminal's cursor.
  for (const char c : request.target) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  line += "  " + base::painted(colour, std::to_string(response.status)) + "  " + base::duration_text(took);
  if (response.framing == Response::Framing::length && response.length() > 0)
    line += "  " + base::painted(Colour::faint, base::size_text(response.length()));
  return line;
}

std::string log_date(std::int64_t unix_seconds) {
  const auto time = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char text[40];
  std::snprintf(text, sizeof text, "%02d/%s/%04d:%02d:%02d:%02d +0000", parts.tm_mday, kMonths[parts.tm_mon],
                parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text;
}

} // namespace http
