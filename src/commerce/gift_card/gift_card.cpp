#include "commerce/gift_card/gift_card.hpp"
#include "base/ids.hpp"
#include <string_view>

namespace commerce::gift_card {

std::optional<double> tax_rate(double line_item_rate, double region_rate, Taxable taxable) {
  if (taxable == Taxable::no) return std::nullopt;
  const double rate = line_item_rate != 0 ? line_item_rate : region_rate;
  return rate != 0 ? std::optional(rate) : std::nullopt;
}

std::string new_code() {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::size_t kLetters = 16, kGroup = 4;
  // Bytes beyond the last whole multiple of the alphabet would favour its first letters.
  constexpr unsigned kFair = 256 / kAlphabet.size() * kAlphabet.size();
  std::string code;
  std::size_t letters = 0;
  while (letters < kLetters)
    for (const unsigned char byte : base::random_bytes(kLetters)) {
      if (byte >= kFair || letters == kLetters) continue;
      if (letters && letters % kGroup == 0) code += '-';
      code += kAlphabet[byte % kAlphabet.size()];
      letters++;
    }
  return code;
}

} // namespace commerce::gift_card
