#include "base/kebab_case.hpp"
#include <array>
#include <cstdint>
#include <vector>

namespace base {
namespace {

// What U+00C0 to U+017F become without their accents; "*" is no letter.
constexpr std::string_view kPlain[] = {
    "A", "A", "A",  "A", "A", "A", "Ae", "C",  "E", "E", "E",  "E",  "I", "I", "I",  "I",  "D", "N", "O",  "O",
    "O", "O", "O",  "*", "O", "U", "U",  "U",  "U", "Y", "Th", "ss", "a", "a", "a",  "a",  "a", "a", "ae", "c",
    "e", "e", "e",  "e", "i", "i", "i",  "i",  "d", "n", "o",  "o",  "o", "o", "o",  "*",  "o", "u", "u",  "u",
    "u", "y", "th", "y", "A", "a", "A",  "a",  "A", "a", "C",  "c",  "C", "c", "C",  "c",  "C", "c", "D",  "d",
    "D", "d", "E",  "e", "E", "e", "E",  "e",  "E", "e", "E",  "e",  "G", "g", "G",  "g",  "G", "g", "G",  "g",
    "H", "h", "H",  "h", "I", "i", "I",  "i",  "I", "i", "I",  "i",  "I", "i", "IJ", "ij", "J", "j", "K",  "k",
    "k", "L", "l",  "L", "l", "L", "l",  "L",  "l", "L", "l",  "N",  "n", "N", "n",  "N",  "n", "n", "N",  "n",
    "O", "o", "O",  "o", "O", "o", "Oe", "oe", "R", "r", "R",  "r",  "R", "r", "S",  "s",  "S", "s", "S",  "s",
    "S", "s", "T",  "t", "T", "t", "T",  "t",  "U", "u", "U",  "u",  "U", "u", "U",  "u",  "U", "u", "U",  "u",
    "W", "w", "Y",  "y", "Y", "Z", "z",  "Z",  "z", "Z", "z",  "s",
};
constexpr std::uint32_t kFirstAccented = 0xC0, kEndAccented = kFirstAccented + std::size(kPlain);

// `other` is a letter without case, as lodash sees it: Greek, Cyrillic, Chinese, emoji. `end` stands behind the text.
enum class Class : std::uint8_t { upper, lower, digit, other, between, end };

struct Sign {
  std::string text; // in UTF-8
  Class kind;
};

std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(i < text.size() ? text[i] : 0); };
  const std::uint8_t first = byte(at);
  const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  std::uint32_t point = length == 1 ? first : first & (0xFF >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) point = point << 6 | (byte(at + i) & 0x3F);
  at += length;
  return point;
}

std::string utf8(std::uint32_t point) {
  if (point < 0x80) return {static_cast<char>(point)};
  std::string text;
  const int tails = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  constexpr std::array<int, 4> lead{0, 0xC0, 0xE0, 0xF0};
  text += static_cast<char>(lead[static_cast<std::size_t>(tails)] | point >> (6 * tails));
  for (int i = tails - 1; i >= 0; --i) text += static_cast<char>(0x80 | (point >> (6 * i) & 0x3F));
  return text;
}

// Small letters of the scripts next door.
std::uint32_t small(std::uint32_t point) {
  if ((point >= 0x391 && point <= 0x3A9) || (point >= 0x410 && point <= 0x42F)) return point + 0x20;
  if (point >= 0x400 && point <= 0x40F) return point + 0x50;
  return point;
}

Class class_of(std::uint32_t point) {
  if (point >= 'A' && point <= 'Z') return Class::upper;
  if (point >= 'a' && point <= 'z') return Class::lower;
  if (point >= '0' && point <= '9') return Class::digit;
  const bool between = point < 0xC0 || point == 0xD7 || point == 0xF7 || (point >= 0x2000 && point <= 0x206F) ||
                       point == 0x1680 || point == 0x3000 || point == 0xFEFF;
  return between ? Class::between : Class::other;
}

bool is_accent(std::uint32_t point) {
  return (point >= 0x300 && point <= 0x36F) || (point >= 0x20D0 && point <= 0x20FF) ||
         (point >= 0xFE20 && point <= 0xFE2F);
}

std::vector<Sign> signs_of(std::string_view text) {
  std::vector<Sign> signs;
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t point = next_code_point(text, at);
    if (point == '\'' || point == 0x2019 || is_accent(point)) continue;
    const std::string_view plain =
        point >= kFirstAccented && point < kEndAccented ? kPlain[point - kFirstAccented] : std::string_view();
    if (!plain.empty() && plain != "*")
      for (const char c : plain) signs.push_back({std::string(1, c), class_of(static_cast<std::uint8_t>(c))});
    else
      signs.push_back({utf8(small(point)), class_of(point)});
  }
  return signs;
}

class Words {
 public:
  explicit Words(std::string_view text) : signs_(signs_of(text)) {}

  std::string joined() {
    std::string all;
    for (std::size_t at = 0; at < signs_.size();) {
      const std::size_t length = word_at(at);
      if (length == 0) {
        ++at;
        continue;
      }
      if (!all.empty()) all += '-';
      for (std::size_t i = at; i < at + length; ++i)
        all += kind(i) == Class::upper ? std::string(1, static_cast<char>(signs_[i].text[0] | 0x20)) : signs_[i].text;
      at += length;
    }
    return all;
  }

 private:
  Class kind(std::size_t i) const { return i < signs_.size() ? signs_[i].kind : Class::end; }
  bool ends_word(std::size_t i) const { return kind(i) == Class::between || kind(i) == Class::end; }
  template<class... C> std::size_t run(std::size_t from, C... kinds) const {
    std::size_t i = from;
    while (((kind(i) == kinds) || ...)) ++i;
    return i - from;
  }

  // The alternatives of lodash's pattern of words, in its order; 0 where no word begins.
  std::size_t word_at(std::size_t at) const {
    using enum Class;
    const std::size_t capital = kind(at) == upper;
    // "Word", when no letter of another kind follows.
    const std::size_t small_letters = run(at + capital, lower);
    const std::size_t behind = at + capital + small_letters;
    if (small_letters && (ends_word(behind) || kind(behind) == upper)) return capital + small_letters;
    // "XML" before a blank, or before the "Http" of "XMLHttp".
    for (std::size_t length = run(at, upper, other); length > 0; --length) {
      const std::size_t next = at + length;
      if (ends_word(next) || (kind(next) == upper && (kind(next + 1) == lower || kind(next + 1) == other)))
        return length;
    }
    if (const std::size_t letters = run(at + capital, lower, other)) return capital + letters;
    if (const std::size_t capitals = run(at, upper)) return capitals;
    return number_at(at);
  }

  // Digits, with the letters of an ordinal number: "1st", "22ND".
  std::size_t number_at(std::size_t at) const {
    const std::size_t digits = run(at, Class::digit);
    if (digits == 0 || at + digits + 1 >= signs_.size()) return digits;
    const char last = signs_[at + digits - 1].text[0];
    const std::string letters = signs_[at + digits].text + signs_[at + digits + 1].text;
    const auto ends = [&](std::string_view one, std::string_view two, std::string_view three, std::string_view others) {
      return letters == (last == '1' ? one : last == '2' ? two : last == '3' ? three : others);
    };
    const Class next = kind(at + digits + 2);
    const bool stands_alone = next != Class::upper && next != Class::lower && next != Class::digit;
    if (ends("ST", "ND", "RD", "TH") && (stands_alone || next == Class::lower)) return digits + 2;
    if (ends("st", "nd", "rd", "th") && (stands_alone || next == Class::upper)) return digits + 2;
    return digits;
  }

  std::vector<Sign> signs_;
};

} // namespace

std::string kebab_case(std::string_view text) { return Words(text).joined(); }

} // namespace base
