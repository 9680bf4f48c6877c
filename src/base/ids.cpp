#include "base/ids.hpp"
#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <openssl/rand.h>
#include <stdexcept>

namespace base {
namespace {
constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
}

std::string random_bytes(std::size_t bytes) {
  std::string out(bytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(bytes)) != 1)
    throw std::runtime_error("the system's random number generator failed");
  return out;
}

std::string ulid() {
  struct State {
    std::uint64_t milliseconds = 0;
    std::array<unsigned char, 16> random{}; // one base32 digit each
  };
  thread_local State state;
  const auto now = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count());
  if (now > state.milliseconds) {
    state.milliseconds = now;
    const std::string random = random_bytes(state.random.size());
    for (std::size_t i = 0; i < state.random.size(); i++) state.random[i] = random[i] & 31;
  } else {
    for (std::size_t i = state.random.size(); i-- > 0;) {
      if (state.random[i] != 31) {
        state.random[i]++;
        break;
      }
      state.random[i] = 0;
    }
  }
  std::string out(26, '0');
  auto time = state.milliseconds;
  for (int i = 9; i >= 0; i--, time >>= 5) out[static_cast<std::size_t>(i)] = kAlphabet[time & 31];
  for (std::size_t i = 0; i < 16; i++) out[10 + i] = kAlphabet[state.random[i]];
  return out;
}

std::string make_id(std::string_view prefix) {
  if (prefix.empty()) return ulid();
  std::string out(prefix);
  out += '_';
  return out += ulid();
}

std::string uuid() {
  std::string bytes = random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string out;
  for (std::size_t i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += "0123456789abcdef"[static_cast<unsigned char>(bytes[i]) >> 4];
    out += "0123456789abcdef"[bytes[i] & 15];
  }
  return out;
}

} // namespace base
