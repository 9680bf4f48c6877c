#include "base/time.hpp"
#include <charconv>
#include <cstdio>
#include <ctime>

namespace base {
namespace {

// Reads `digits` decimal digits; false when there are fewer.
bool take_number(std::string_view& text, std::size_t digits, int& out) {
  if (text.size() < digits) return false;
  int value = 0;
  for (std::size_t i = 0; i < digits; i++) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  out = value;
  text.remove_prefix(digits);
  return true;
}
bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// The grammar that both spellings share: date, optional time with a fraction, optional zone.
std::optional<Instant> parse_time(std::string_view text) {
  using namespace std::chrono;
  int y, mo = 1, d = 1, h = 0, mi = 0, s = 0;
  std::int64_t micros = 0;
  if (!take_number(text, 4, y)) return {};
  if (take(text, '-')) {
    if (!take_number(text, 2, mo)) return {};
    if (take(text, '-') && !take_number(text, 2, d)) return {};
  }
  const year_month_day date{year{y}, month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d))};
  if (!date.ok()) return {};
  minutes offset{0};
  if (!text.empty() && (text.front() == 'T' || text.front() == ' ')) {
    text.remove_prefix(1);
    if (!take_number(text, 2, h) || !take(text, ':') || !take_number(text, 2, mi)) return {};
    if (take(text, ':')) {
      if (!take_number(text, 2, s)) return {};
      if (take(text, '.')) {
        std::int64_t unit = 100000;
        bool any = false;
        while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
          micros += (text.front() - '0') * unit;
          unit /= 10;
          any = true;
          text.remove_prefix(1);
        }
        if (!any) return {};
      }
    }
    if (h > 24 || mi > 59 || s > 59) return {};
    if (!take(text, 'Z') && !text.empty()) {
      const bool minus = text.front() == '-';
      if (!minus && text.front() != '+') return {};
      text.remove_prefix(1);
      int oh = 0, om = 0;
      if (!take_number(text, 2, oh)) return {};
      take(text, ':');
      if (!text.empty() && !take_number(text, 2, om)) return {};
      offset = hours{oh} + minutes{om};
      if (minus) offset = -offset;
    }
  }
  if (!text.empty()) return {};
  return Instant{sys_days{date} + hours{h} + minutes{mi} + seconds{s} - offset} + microseconds{micros};
}

struct Civil {
  int year, month, day, hour, minute, second, millisecond;
  unsigned weekday;
};
Civil civil(Instant t) {
  using namespace std::chrono;
  const auto days_since = floor<days>(t);
  const year_month_day date{days_since};
  const hh_mm_ss time{floor<milliseconds>(t - days_since)};
  return {int(date.year()),
          int(unsigned(date.month())),
          int(unsigned(date.day())),
          int(time.hours().count()),
          int(time.minutes().count()),
          int(time.seconds().count()),
          int(time.subseconds().count()),
          weekday{days_since}.c_encoding()};
}

} // namespace

Instant now() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

std::string iso_time(Instant t) {
  const Civil c = civil(t);
  char out[40];
  std::snprintf(out, sizeof out, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year, c.month, c.day, c.hour, c.minute,
                c.second, c.millisecond);
  return out;
}

std::optional<Instant> parse_postgres_time(std::string_view text) { return parse_time(text); }
std::optional<Instant> parse_iso_time(std::string_view text) { return parse_time(text); }

void append_iso_from_postgres(std::string& out, std::string_view text) {
  // "YYYY-MM-DD HH:MM:SS[.ffffff][+00]": the sessions of this server run in UTC.
  if (text.size() < 19 || text[10] != ' ') {
    if (const auto t = parse_time(text)) out += iso_time(*t);
    return;
  }
  char iso[] = "0000-00-00T00:00:00.000Z";
  text.copy(iso, 10);
  text.substr(11).copy(iso + 11, 8);
  if (text.size() > 20 && text[19] == '.')
    for (std::size_t i = 20; i < 23 && i < text.size() && text[i] >= '0' && text[i] <= '9'; i++) iso[i] = text[i];
  out.append(iso, 24);
}

std::string http_date(Instant t) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Civil c = civil(t);
  char out[40];
  std::snprintf(out, sizeof out, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[c.weekday], c.day, months[c.month - 1],
                c.year, c.hour, c.minute, c.second);
  return out;
}

std::optional<Instant> parse_http_date(std::string_view text) {
  std::tm parts{};
  const std::string copy(text);
  const char* end = ::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (!end || *end) return std::nullopt;
  const Instant time{std::chrono::seconds(::timegm(&parts))};
  // strptime takes more than this spelling.
  return http_date(time) == text ? std::optional(time) : std::nullopt;
}

} // namespace base
