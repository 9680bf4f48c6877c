#include "commerce/discount/duration.hpp"
#include <charconv>
#include <initializer_list>

namespace commerce::discount {
namespace {

struct Parts {
  int years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0;
};

// One "12M" at the start of `text`, with one of the letters from `next` on; its number goes to the letter's place.
struct Unit {
  char letter;
  int* number;
};
bool take_units(std::string_view& text, std::initializer_list<Unit> units) {
  auto next = units.begin();
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto rest = text.substr(static_cast<std::size_t>(end - text.data()));
    if (error != std::errc{} || number > 100000 || rest.empty()) return false;
    if (rest[0] == 'W' && units.begin()->letter != 'W') return true; // for the caller
    while (next != units.end() && next->letter != rest[0]) next++;
    if (next == units.end()) return false;
    *next++->number = number;
    text = rest.substr(1);
  }
  return true;
}

std::optional<Parts> parse(std::string_view text) {
  Parts parts;
  if (!text.starts_with('P') || text.size() == 1) return std::nullopt;
  text.remove_prefix(1);
  if (!take_units(text, {{'Y', &parts.years}, {'M', &parts.months}, {'D', &parts.days}})) return std::nullopt;
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    // Quirk: weeks count alone only; behind years or months they, and all that follows them, are overlooked.
    if (parts.years || parts.months || parts.days) return parts;
    return take_units(text, {{'W', &parts.weeks}}) ? std::optional(parts) : std::nullopt;
  }
  if (text.starts_with('T')) {
    text.remove_prefix(1);
    if (text.empty() || !take_units(text, {{'H', &parts.hours}, {'M', &parts.minutes}, {'S', &parts.seconds}}))
      return std::nullopt;
  }
  return text.empty() ? std::optional(parts) : std::nullopt;
}

// The same day of another month, spilling over where that month is shorter.
std::chrono::sys_days day_of(std::chrono::year_month month, std::chrono::day day) {
  return std::chrono::sys_days(month / 1) + (day - std::chrono::day(1));
}

} // namespace

std::optional<base::Instant> plus_duration(base::Instant from, std::string_view duration) {
  using namespace std::chrono;
  const auto parts = parse(duration);
  if (!parts || parts->years > 5000 || parts->months > 60000) return std::nullopt;
  auto day = floor<days>(from);
  const auto time = from - day;
  year_month_day date{day};
  day = day_of((date.year() + years(parts->years)) / date.month(), date.day());
  date = day;
  day = day_of(date.year() / date.month() + months(parts->months), date.day());
  return day + days(parts->days) + weeks(parts->weeks) + time + hours(parts->hours) + minutes(parts->minutes) +
         seconds(parts->seconds);
}

} // namespace commerce::discount
