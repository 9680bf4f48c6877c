#include "base/hash.hpp"
#include "base/ids.hpp"
#include <bit>
#include <cstddef>
#include <cstring>

namespace base {
namespace {

HashKey fresh_key() {
  HashKey key;
  const std::string bytes = random_bytes(sizeof key);
  std::memcpy(&key, bytes.data(), sizeof key);
  return key;
}

struct State {
  std::uint64_t a, b, c, d;
  void round() {
    a += b, c += d;
    b = std::rotl(b, 13) ^ a;
    d = std::rotl(d, 16) ^ c;
    a = std::rotl(a, 32) + d;
    c += b;
    d = std::rotl(d, 21) ^ a;
    b = std::rotl(b, 17) ^ c;
    c = std::rotl(c, 32);
  }
  void take(std::uint64_t word) {
    d ^= word;
    round();
    a ^= word;
  }
};

static_assert(std::endian::native == std::endian::little, "SipHash reads words with the lowest byte first");

} // namespace

std::uint64_t keyed_hash(std::string_view text, HashKey key) noexcept {
  State state{key.first ^ 0x736f6d6570736575, key.second ^ 0x646f72616e646f6d, key.first ^ 0x6c7967656e657261,
              key.second ^ 0x7465646279746573};
  std::uint64_t word = 0;
  std::size_t at = 0;
  for (; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    state.take(word);
  }
  word = 0;
  if (at < text.size()) std::memcpy(&word, text.data() + at, text.size() - at);
  state.take(word | static_cast<std::uint64_t>(text.size()) << 56);
  state.c ^= 0xff;
  for (int i = 0; i < 3; i++) state.round();
  return state.a ^ state.b ^ state.c ^ state.d;
}

std::uint64_t keyed_hash(std::string_view text) noexcept {
  static const HashKey key = fresh_key();
  return keyed_hash(text, key);
}

} // namespace base
