// After V8's own reader of dates (src/date/dateparser): ISO 8601 first, and where a text is none, whatever its words and numbers
// can mean together. The steps are V8's, one by one; date_text_test.cpp asks Node whether they still are.
#include "base/date_text.hpp"
#include <array>
#include <cstdint>
#include <cstdlib>

namespace base {
namespace {

constexpr bool between(std::int64_t n, std::int64_t least, std::int64_t most) { return n >= least && n <= most; }
constexpr bool is_month(int n) { return between(n, 1, 12); }
constexpr bool is_day(int n) { return between(n, 1, 31); }
constexpr bool is_hour(int n) { return between(n, 0, 23); }
constexpr bool is_minute(int n) { return between(n, 0, 59); }
constexpr bool is_second(int n) { return between(n, 0, 59); }
constexpr bool is_millisecond(int n) { return between(n, 0, 999); }

enum class Kind { end, number, symbol, blank, month, half_of_day, zone, time_separator, word, other, invalid };
struct Token {
  Kind kind = Kind::other;
  int value = 0, length = 0; // of a symbol: the character
  bool is(char symbol) const { return kind == Kind::symbol && value == symbol; }
  bool is_sign() const { return is('+') || is('-'); }
  int sign() const { return is('-') ? -1 : 1; }
  bool is_number_of(int digits) const { return kind == Kind::number && length == digits; }
  bool is_z() const { return kind == Kind::zone && length == 1; }
};

struct Word {
  std::string_view prefix;
  Kind kind;
  int value; // a month, an hour, or hours from UTC
};
constexpr std::array kWords{
    Word{"jan", Kind::month, 1},      Word{"feb", Kind::month, 2},       Word{"mar", Kind::month, 3},
    Word{"apr", Kind::month, 4},      Word{"may", Kind::month, 5},       Word{"jun", Kind::month, 6},
    Word{"jul", Kind::month, 7},      Word{"aug", Kind::month, 8},       Word{"sep", Kind::month, 9},
    Word{"oct", Kind::month, 10},     Word{"nov", Kind::month, 11},      Word{"dec", Kind::month, 12},
    Word{"am", Kind::half_of_day, 0}, Word{"pm", Kind::half_of_day, 12}, Word{"ut", Kind::zone, 0},
    Word{"utc", Kind::zone, 0},       Word{"z", Kind::zone, 0},          Word{"gmt", Kind::zone, 0},
    Word{"cdt", Kind::zone, -5},      Word{"cst", Kind::zone, -6},       Word{"edt", Kind::zone, -4},
    Word{"est", Kind::zone, -5},      Word{"mdt", Kind::zone, -6},       Word{"mst", Kind::zone, -7},
    Word{"pdt", Kind::zone, -7},      Word{"pst", Kind::zone, -8},       Word{"t", Kind::time_separator, 0}};

// Cuts the text into tokens and looks one ahead.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text.substr(0, text.find('\0'))), next_(scan()) {}
  const Token& peek() const { return next_; }
  Token take() {
    const Token taken = next_;
    next_ = scan();
    return taken;
  }
  bool skip(char symbol) {
    if (!next_.is(symbol)) return false;
    take();
    return true;
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  // 'A' and whatever stands behind it in Unicode.
  static bool is_in_word(char c) { return static_cast<unsigned char>(c) >= 'A'; }
  // The bytes of the blank with which the rest begins; 0: with none.
  std::size_t blank() const {
    if (text_.empty()) return 0;
    if (text_[0] == ' ' || between(text_[0], 9, 13)) return 1;
    for (const std::string_view space :
         {"\u00a0", "\u1680", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff"})
      if (text_.starts_with(space)) return space.size();
    // U+2000 to U+200A
    const bool typographic = text_.starts_with("\xe2\x80") && text_.size() > 2;
    return typographic && between(static_cast<unsigned char>(text_[2]), 0x80, 0x8a) ? 3 : 0;
  }

  Token scan() {
    if (text_.empty()) return {Kind::end};
    if (is_digit(text_[0])) return number();
    if (std::string_view(":-+.)").find(text_[0]) != std::string_view::npos) {
      const char symbol = text_[0];
      text_.remove_prefix(1);
      return {Kind::symbol, symbol, 1};
    }
    if (const auto bytes = blank()) {
      text_.remove_prefix(bytes);
      return {Kind::blank, 0, 1};
    }
    if (is_in_word(text_[0])) return word();
    if (text_[0] == '(')
      skip_parentheses();
    else
      text_.remove_prefix(1);
    return {};
  }

  // Zeros ahead and digits behind the ninth count for the length only.
  Token number() {
    Token token{Kind::number};
    int significant = 0;
    for (; !text_.empty() && is_digit(text_[0]); text_.remove_prefix(1), token.length++) {
      if (significant == 0 && text_[0] == '0') continue;
      if (significant++ < 9) token.value = token.value * 10 + (text_[0] - '0');
    }
    return token;
  }

  // Of a month more than three letters may stand.
  Token word() {
    std::array<char, 3> prefix{};
    int length = 0;
    for (; !text_.empty() && is_in_word(text_[0]) && !blank(); text_.remove_prefix(1), length++)
      if (length < 3) prefix[static_cast<std::size_t>(length)] = static_cast<char>(text_[0] | 0x20);
    const std::string_view start(prefix.data(), static_cast<std::size_t>(length < 3 ? length : 3));
    for (const auto& word : kWords)
      if (start == word.prefix && (length <= 3 || word.kind == Kind::month)) return {word.kind, word.value, length};
    return {Kind::word, 0, length};
  }

  void skip_parentheses() {
    int open = 0;
    do {
      if (text_[0] == '(') ++open;
      if (text_[0] == ')') --open;
      text_.remove_prefix(1);
    } while (open > 0 && !text_.empty());
  }

  std::string_view text_;
  Token next_;
};

struct Day {
  std::array<int, 3> numbers{};
  std::size_t count = 0;
  int named_month = 0; // 0: none
  bool is_iso = false;

  bool add(int n) {
    if (count == numbers.size()) return false;
    numbers[count++] = n;
    return true;
  }
  // Days since 1970; nothing where there is no such day.
  std::optional<std::int64_t> days() const {
    if (count == 0) return std::nullopt;
    auto [first, second, third] = numbers;
    if (count < 2) second = 1;
    if (count < 3) third = 1;
    int year = 0, month = 0, day = 0;
    if (named_month != 0) {
      month = named_month;
      day = is_day(first) ? first : second;
      year = is_day(first) ? second : first;
    } else if (is_iso || !is_day(first)) {
      year = first, month = second, day = third;
    } else {
      month = first, day = second, year = third;
    }
    if (!is_iso && between(year, 0, 49)) year += 2000;
    if (!is_iso && between(year, 50, 99)) year += 1900;
    if (!is_month(month) || !is_day(day) || !between(year, -1'000'000, 1'000'000)) return std::nullopt;
    // A day too many is one of the next month. Years begin in March here, so that February comes last.
    const std::int64_t y = year - (month <= 2 ? 1 : 0);
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400, year_of_era = y - era * 400;
    const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
  }
};

struct Time {
  std::array<int, 4> numbers{}; // hour, minute, second, millisecond
  std::size_t count = 0;
  int half_of_day = -1; // the hour at which it begins; -1: not said

  bool expects(int n) const {
    return (count == 1 && is_minute(n)) || (count == 2 && is_second(n)) || (count == 3 && is_millisecond(n));
  }
  bool add(int n) {
    if (count == numbers.size()) return false;
    numbers[count++] = n;
    return true;
  }
  void add_last(int n) {
    add(n);
    count = numbers.size();
  }
  std::optional<std::int64_t> milliseconds() const {
    auto [hour, minute, second, millisecond] = numbers;
    if (half_of_day >= 0) {
      if (!between(hour, 0, 12)) return std::nullopt;
      hour = hour % 12 + half_of_day;
    }
    const bool midnight = hour == 24 && minute == 0 && second == 0 && millisecond == 0;
    if (!midnight && !(is_hour(hour) && is_minute(minute) && is_second(second) && is_millisecond(millisecond)))
      return std::nullopt;
    return ((hour * 60LL + minute) * 60 + second) * 1000 + millisecond;
  }
};

struct Zone {
  std::optional<int> sign{}, hour{}, minute{};

  void set(int hours) {
    sign = hours < 0 ? -1 : 1;
    hour = std::abs(hours);
    minute = 0;
  }
  bool expects(int n) const { return hour && !minute && is_minute(n); }
  bool is_utc() const { return hour == 0 && minute == 0; }
  std::optional<std::int64_t> milliseconds() const {
    if (!sign) return 0;
    const auto seconds =
        static_cast<std::uint32_t>(hour.value_or(0)) * 3600U + static_cast<std::uint32_t>(minute.value_or(0)) * 60U;
    if (seconds > 0x7fffffffU) return std::nullopt;
    return *sign * static_cast<std::int64_t>(seconds) * 1000;
  }
};

// A fraction of a second.
int milliseconds_of(const Token& fraction) {
  int value = fraction.value;
  for (int digits = fraction.length; digits < 3; digits++) value *= 10;
  for (int digits = fraction.length < 9 ? fraction.length : 9; digits > 3; digits--) value /= 10;
  return value;
}

class DateReader {
 public:
  explicit DateReader(std::string_view text) : tokens_(text) {}

  std::optional<Instant> read() {
    const Token left = read_iso();
    if (left.kind == Kind::invalid || !read_words(left)) return std::nullopt;
    const auto days = day_.days(), time = time_.milliseconds(), zone = zone_.milliseconds();
    if (!days || !time || !zone) return std::nullopt;
    const std::int64_t instant = *days * 86'400'000 + *time - *zone;
    if (!between(instant, -8'640'000'000'000'000, 8'640'000'000'000'000)) return std::nullopt;
    return Instant(std::chrono::milliseconds(instant));
  }

 private:
  // As much of the text as is ISO 8601. Returns the first token that isn't: the end, where all of it is.
  Token read_iso() {
    // 1. A year of four digits, or a sign and six.
    if (tokens_.peek().is_sign()) {
      const Token sign = tokens_.take();
      if (!tokens_.peek().is_number_of(6)) return sign;
      const int year = tokens_.take().value;
      if (sign.sign() < 0 && year == 0) return sign;
      day_.add(sign.sign() * year);
    } else if (tokens_.peek().is_number_of(4)) {
      day_.add(tokens_.take().value);
    } else {
      return tokens_.take();
    }
    // 2. A month and a day.
    if (tokens_.skip('-')) {
      if (!tokens_.peek().is_number_of(2) || !is_month(tokens_.peek().value)) return tokens_.take();
      day_.add(tokens_.take().value);
      if (tokens_.skip('-')) {
        if (!tokens_.peek().is_number_of(2) || !is_day(tokens_.peek().value)) return tokens_.take();
        day_.add(tokens_.take().value);
      }
    }
    // 3. A time, and behind it nothing else.
    if (tokens_.peek().kind == Kind::time_separator) {
      tokens_.take();
      if (!read_iso_time() || tokens_.peek().kind != Kind::end) return {Kind::invalid};
    } else if (tokens_.peek().kind != Kind::end) {
      return tokens_.take();
    }
    day_.is_iso = true;
    return {Kind::end};
  }

  bool read_iso_time() {
    const auto two_digits = [&](int most) {
      if (!tokens_.peek().is_number_of(2) || tokens_.peek().value > most) return false;
      return time_.add(tokens_.take().value);
    };
    if (!two_digits(24)) return false;
    const bool midnight = time_.numbers[0] == 24;
    if (!tokens_.skip(':') || !two_digits(midnight ? 0 : 59)) return false;
    if (tokens_.skip(':')) {
      if (!two_digits(midnight ? 0 : 59)) return false;
      if (tokens_.skip('.')) {
        if (tokens_.peek().kind != Kind::number || (midnight && tokens_.peek().value > 0)) return false;
        time_.add(milliseconds_of(tokens_.take()));
      }
    }
    if (tokens_.peek().is_z()) {
      tokens_.take();
      zone_.set(0);
      return true;
    }
    if (!tokens_.peek().is_sign()) return true;
    zone_.sign = tokens_.take().sign();
    if (tokens_.peek().is_number_of(4)) {
      const int both = tokens_.take().value;
      zone_.hour = both / 100, zone_.minute = both % 100;
    } else {
      if (!tokens_.peek().is_number_of(2)) return false;
      zone_.hour = tokens_.take().value;
      if (!tokens_.skip(':') || !tokens_.peek().is_number_of(2)) return false;
      zone_.minute = tokens_.take().value;
    }
    return is_hour(*zone_.hour) && is_minute(*zone_.minute);
  }

  // The rest, from `token` on; false where it can't mean anything.
  bool read_words(Token token) {
    seen_number_ = day_.count > 0;
    for (; token.kind != Kind::end; token = tokens_.take()) {
      bool good = true;
      switch (token.kind) {
      case Kind::number: good = read_number(token.value); break;
      case Kind::month:
        day_.named_month = token.value;
        tokens_.skip('-');
        break;
      case Kind::half_of_day:
        if (time_.count > 0)
          time_.half_of_day = token.value;
        else
          good = read_unknown_word();
        break;
      case Kind::zone:
        if (seen_number_)
          zone_.set(token.value);
        else
          good = read_unknown_word();
        break;
      case Kind::word:
      case Kind::time_separator: good = read_unknown_word(); break;
      case Kind::symbol:
        if (token.is_sign() && (zone_.is_utc() || time_.count > 0))
          good = read_offset(token.sign());
        else if (token.is_sign() || token.is(')'))
          good = !seen_number_;
        break;
      default: break;
      }
      if (!good) return false;
    }
    return true;
  }

  bool read_number(int n) {
    seen_number_ = true;
    if (tokens_.skip(':')) {
      if (tokens_.skip(':')) {
        if (time_.count > 0) return false;
        time_.add(n);
        time_.add(0);
        return true;
      }
      if (!time_.add(n)) return false;
      tokens_.skip('.');
      return true;
    }
    if (tokens_.skip('.') && time_.expects(n)) {
      time_.add(n);
      if (tokens_.peek().kind != Kind::number) return false;
      time_.add_last(milliseconds_of(tokens_.take()));
      return true;
    }
    if (zone_.expects(n)) {
      zone_.minute = n;
      return true;
    }
    if (time_.expects(n)) {
      time_.add_last(n);
      const Token& next = tokens_.peek();
      return next.kind == Kind::end || next.kind == Kind::blank || next.is_z() || next.is_sign();
    }
    if (!day_.add(n)) return false;
    tokens_.skip('-');
    return true;
  }

  // Such words may stand ahead of the first number, and not right before it.
  bool read_unknown_word() const { return !seen_number_ && tokens_.peek().kind != Kind::number; }

  bool read_offset(int sign) {
    zone_.sign = sign;
    int n = 0, length = 0;
    if (tokens_.peek().kind == Kind::number) {
      const Token number = tokens_.take();
      n = number.value, length = number.length;
    }
    seen_number_ = true;
    if (tokens_.peek().is(':')) {
      zone_.hour = n, zone_.minute.reset();
    } else if (length == 1 || length == 2) {
      zone_.hour = n, zone_.minute = 0;
    } else if (length == 3 || length == 4) {
      zone_.hour = n / 100, zone_.minute = n % 100;
    } else {
      return false;
    }
    return true;
  }

  Tokens tokens_;
  Day day_;
  Time time_;
  Zone zone_;
  bool seen_number_ = false;
};

} // namespace

std::optional<Instant> parse_date(std::string_view text) { return DateReader(text).read(); }

} // namespace base
